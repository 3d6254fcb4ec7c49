package dev.kairos.runner.agent;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One model, asked whole or as a stream; both answer on the caller's thread. */
interface ApiModel {
    /** Asks and waits. Throws whatever the library throws. */
    ChatResponse ask(ChatRequest request);

    /** A model that answers in one piece. */
    static ApiModel whole(ChatModel model) {
        return model::chat;
    }

    /** A model whose answer is heard while it comes. */
    static ApiModel streaming(StreamingChatModel model) {
        return request -> {
            Collector collector = new Collector();
            model.chat(request, collector);
            return collector.answer();
        };
    }

    /** Takes the end of a stream. {@link Wire} parses on the caller's thread, so all of it came before the call returns. */
    final class Collector implements StreamingChatResponseHandler {
        private final AtomicReference<@Nullable ChatResponse> whole = new AtomicReference<>();
        private final AtomicReference<@Nullable Throwable> trouble = new AtomicReference<>();

        @Override
        public void onPartialResponse(String part) {
            // the whole comes at the end
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            whole.set(response);
        }

        @Override
        public void onError(Throwable error) {
            trouble.compareAndSet(null, error);
        }

        ChatResponse answer() {
            Throwable thrown = trouble.get();
            if (thrown instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            ChatResponse response = whole.get();
            // without a reason to end, the connection ended and not the answer
            if (thrown != null || response == null || response.finishReason() == null) {
                throw new CutShort(thrown);
            }
            return response;
        }
    }

    /** A stream ended before the answer did. */
    final class CutShort extends RuntimeException {
        private static final long serialVersionUID = 1L;

        CutShort(@Nullable Throwable cause) {
            super("the stream ended before the answer did", cause);
        }
    }
}
