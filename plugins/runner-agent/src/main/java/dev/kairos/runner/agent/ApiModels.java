package dev.kairos.runner.agent;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.time.Duration;

/** Makes the library's models as an entry says: no retry of theirs, no logging of theirs, our own connection. */
final class ApiModels {
    private static final String OPENAI = "https://api.openai.com/v1";
    private static final String ANTHROPIC = "https://api.anthropic.com/v1/";
    /** Endpoints on one's own machine take no key, and the library wants one. */
    private static final String NO_KEY = "none";
    /** Anthropic wants to be told. */
    private static final int ANTHROPIC_TOKENS = 8_192;

    /** What it thinks goes back to it with the tools' results, or it refuses them. */
    private static final String THINKING = "enabled";

    private ApiModels() {}

    static ApiModel of(AgentSession session) {
        ModelEntry entry = session.entry();
        HttpClientBuilder wire =
                new Wired(new Wire(entry.timeout(), session.host().environment(), session.request()::progressed));
        if (entry.way() == ModelEntry.Way.ANTHROPIC) {
            return entry.isStreaming()
                    ? ApiModel.streaming(anthropicStream(entry, wire))
                    : ApiModel.whole(anthropic(entry, wire));
        }
        return entry.isStreaming()
                ? ApiModel.streaming(openAiStream(entry, wire))
                : ApiModel.whole(openAi(entry, wire));
    }

    private static OpenAiChatModel openAi(ModelEntry entry, HttpClientBuilder wire) {
        OpenAiChatModel.OpenAiChatModelBuilder builder = OpenAiChatModel.builder()
                .httpClientBuilder(wire)
                .baseUrl(entry.baseUrl().orElse(OPENAI))
                .apiKey(entry.key().orElse(NO_KEY))
                .modelName(entry.model())
                .maxRetries(0);
        entry.maxTokens().ifPresent(builder::maxTokens);
        entry.reasoningEffort().ifPresent(builder::reasoningEffort);
        return builder.build();
    }

    private static OpenAiStreamingChatModel openAiStream(ModelEntry entry, HttpClientBuilder wire) {
        OpenAiStreamingChatModel.OpenAiStreamingChatModelBuilder builder = OpenAiStreamingChatModel.builder()
                .httpClientBuilder(wire)
                .baseUrl(entry.baseUrl().orElse(OPENAI))
                .apiKey(entry.key().orElse(NO_KEY))
                .modelName(entry.model());
        entry.maxTokens().ifPresent(builder::maxTokens);
        entry.reasoningEffort().ifPresent(builder::reasoningEffort);
        return builder.build();
    }

    private static AnthropicChatModel anthropic(ModelEntry entry, HttpClientBuilder wire) {
        AnthropicChatModel.AnthropicChatModelBuilder builder = AnthropicChatModel.builder()
                .httpClientBuilder(wire)
                .baseUrl(entry.baseUrl().orElse(ANTHROPIC))
                .apiKey(entry.key().orElse(NO_KEY))
                .modelName(entry.model())
                .maxTokens(entry.maxTokens().orElse(ANTHROPIC_TOKENS)
                        + entry.thinkingTokens().orElse(0))
                .maxRetries(0);
        entry.thinkingTokens()
                .ifPresent(tokens -> builder.thinkingType(THINKING)
                        .thinkingBudgetTokens(tokens)
                        .returnThinking(true)
                        .sendThinking(true));
        return builder.build();
    }

    private static AnthropicStreamingChatModel anthropicStream(ModelEntry entry, HttpClientBuilder wire) {
        AnthropicStreamingChatModel.AnthropicStreamingChatModelBuilder builder = AnthropicStreamingChatModel.builder()
                .httpClientBuilder(wire)
                .baseUrl(entry.baseUrl().orElse(ANTHROPIC))
                .apiKey(entry.key().orElse(NO_KEY))
                .modelName(entry.model())
                .maxTokens(entry.maxTokens().orElse(ANTHROPIC_TOKENS)
                        + entry.thinkingTokens().orElse(0));
        entry.thinkingTokens()
                .ifPresent(tokens -> builder.thinkingType(THINKING)
                        .thinkingBudgetTokens(tokens)
                        .returnThinking(true)
                        .sendThinking(true));
        return builder.build();
    }

    /** Hands the one connection to the library, which would make its own. */
    private record Wired(HttpClient wire) implements HttpClientBuilder {
        @Override
        public Duration connectTimeout() {
            return Duration.ZERO;
        }

        @Override
        public HttpClientBuilder connectTimeout(Duration timeout) {
            return this;
        }

        @Override
        public Duration readTimeout() {
            return Duration.ZERO;
        }

        @Override
        public HttpClientBuilder readTimeout(Duration timeout) {
            return this;
        }

        @Override
        public HttpClient build() {
            return wire;
        }
    }
}
