package dev.kairos.runner.agent;

import dev.langchain4j.model.anthropic.AnthropicChatResponseMetadata;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Why an answer of Anthropic's ended, where the library has no word for it: it calls a refusal nothing but "other". */
final class AnthropicEnd {
    private static final Pattern REASON = Pattern.compile("\"stop_reason\"\\s*:\\s*\"([a-z_]{1,60})\"");

    private AnthropicEnd() {}

    /** The reason as the library names them, as far as it can be told. */
    static Optional<FinishReason> of(ChatResponse response) {
        FinishReason told = response.finishReason();
        if (told != FinishReason.OTHER || !(response.metadata() instanceof AnthropicChatResponseMetadata metadata)) {
            return Optional.ofNullable(told);
        }
        Matcher reason = REASON.matcher(raw(metadata));
        while (reason.find()) {
            if (reason.group(1).equals("refusal")) {
                return Optional.of(FinishReason.CONTENT_FILTER);
            }
            if (reason.group(1).equals("model_context_window_exceeded")) {
                return Optional.of(FinishReason.LENGTH);
            }
        }
        return Optional.of(told);
    }

    private static String raw(AnthropicChatResponseMetadata metadata) {
        String whole = Optional.ofNullable(metadata.rawHttpResponse())
                .map(response -> String.valueOf(response.body()))
                .orElse("");
        return Optional.ofNullable(metadata.rawServerSentEvents())
                .map(events -> events.stream()
                        .map(event -> String.valueOf(event.data()))
                        .collect(Collectors.joining("\n")))
                .filter(events -> !events.isEmpty())
                .orElse(whole);
    }
}
