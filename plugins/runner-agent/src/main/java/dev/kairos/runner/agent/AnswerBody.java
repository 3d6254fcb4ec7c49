package dev.kairos.runner.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer, read on the caller's thread, which an interrupt ends: the client's own stream sleeps through one
 * until something comes. Fed by the client's threads, one part at a time; read by one thread.
 */
final class AnswerBody extends InputStream implements Flow.Subscriber<List<ByteBuffer>> {
    /**
     * A part, or the end.
     *
     * @param buffers what came
     * @param isLast whether nothing follows
     * @param trouble why nothing follows, where that is no end
     */
    private record Part(List<ByteBuffer> buffers, boolean isLast, Optional<Throwable> trouble) {}

    /** How many bytes an answer may have. */
    static final int LONGEST = 16 << 20;

    private final Duration patience;
    private final BlockingQueue<Part> parts = new LinkedBlockingQueue<>();
    private final Object lock = new Object();
    private Flow.@Nullable Subscription subscription;
    private boolean isClosed;
    private long taken;
    private Part current = new Part(List.of(), false, Optional.empty());

    /**
     * A body yet to come.
     *
     * @param patience how long one part may take
     */
    AnswerBody(Duration patience) {
        this.patience = patience;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        synchronized (lock) {
            if (!isClosed) {
                subscription = given;
                given.request(1);
                return;
            }
        }
        given.cancel();
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        parts.add(new Part(buffers, false, Optional.empty()));
    }

    @Override
    public void onError(Throwable trouble) {
        parts.add(new Part(List.of(), true, Optional.of(trouble)));
    }

    @Override
    public void onComplete() {
        parts.add(new Part(List.of(), true, Optional.empty()));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (true) {
            for (ByteBuffer buffer : current.buffers()) {
                if (buffer.hasRemaining()) {
                    int count = Math.min(length, buffer.remaining());
                    buffer.get(into, offset, count);
                    taken += count;
                    if (taken > LONGEST) {
                        throw new IOException("the answer is longer than 16 MiB");
                    }
                    return count;
                }
            }
            if (current.isLast()) {
                if (current.trouble().isPresent()) {
                    throw new IOException(
                            "the connection broke", current.trouble().get());
                }
                return -1;
            }
            current = next();
        }
    }

    private Part next() throws IOException {
        try {
            Part next = parts.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (next == null) {
                throw new HttpTimeoutException("nothing came for " + patience);
            }
            if (!next.isLast()) {
                more();
            }
            return next;
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private void more() {
        synchronized (lock) {
            if (subscription != null) {
                subscription.request(1);
            }
        }
    }

    /** Ends the connection, unless all of it came. */
    @Override
    public void close() {
        Flow.Subscription open;
        synchronized (lock) {
            isClosed = true;
            open = subscription;
            subscription = null;
        }
        if (open != null) {
            open.cancel();
        }
    }
}
