package dev.kairos.channels.http;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Keeps the beginning of a body and hangs up on the rest. */
final class BoundedBody implements BodySubscriber<String> {
    private final byte[] kept;
    private final CompletableFuture<String> text = new CompletableFuture<>();
    private int length;
    private Flow.@Nullable Subscription source;

    BoundedBody(int most) {
        kept = new byte[most];
    }

    @Override
    public CompletionStage<String> getBody() {
        return text;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        source = subscription;
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            int taken = Math.min(buffer.remaining(), kept.length - length);
            buffer.get(kept, length, taken);
            length += taken;
        }
        if (length == kept.length && !text.isDone()) {
            finish();
            Flow.Subscription open = source;
            if (open != null) {
                open.cancel();
            }
        }
    }

    @Override
    public void onError(Throwable trouble) {
        text.completeExceptionally(trouble);
    }

    @Override
    public void onComplete() {
        finish();
    }

    private void finish() {
        text.complete(new String(kept, 0, length, StandardCharsets.UTF_8));
    }
}
