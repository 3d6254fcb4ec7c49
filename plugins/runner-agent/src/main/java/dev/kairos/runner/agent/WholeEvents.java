package dev.kairos.runner.agent;

import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Hands events on and keeps the first trouble with one: the library passes over an event it cannot read, and an answer with
 * a hole is none. Used by one thread.
 */
final class WholeEvents implements ServerSentEventListener {
    private final ServerSentEventListener to;
    private @Nullable RuntimeException trouble;
    private boolean isEmpty = true;

    WholeEvents(ServerSentEventListener to) {
        this.to = to;
    }

    @Override
    public void onOpen(SuccessfulHttpResponse response) {
        to.onOpen(response);
    }

    @Override
    public void onEvent(ServerSentEvent event) {
        pass(event, () -> to.onEvent(event));
    }

    @Override
    public void onEvent(ServerSentEvent event, ServerSentEventContext context) {
        pass(event, () -> to.onEvent(event, context));
    }

    private void pass(ServerSentEvent event, Runnable on) {
        isEmpty = false;
        Optional<WireRefusal> refusal = StreamedRefusal.of(event.data());
        if (refusal.isPresent()) {
            keep(refusal.get());
            return;
        }
        try {
            on.run();
        } catch (RuntimeException unreadable) {
            keep(unreadable);
        }
    }

    private void keep(RuntimeException unreadable) {
        trouble = trouble == null ? unreadable : trouble;
    }

    @Override
    public void onError(Throwable error) {
        to.onError(error);
    }

    @Override
    public void onClose() {
        to.onClose();
    }

    /** The first trouble with an event, or that there was none at all. */
    Optional<RuntimeException> trouble() {
        return isEmpty ? Optional.of(new NoEvents()) : Optional.ofNullable(trouble);
    }

    /** Something answered, and not with a stream. */
    static final class NoEvents extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NoEvents() {
            super("the answer has no events");
        }
    }
}
