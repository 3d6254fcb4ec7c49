package dev.kairos.runner.agent;

import dev.kairos.api.run.FailureKind;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A model behind an API: asks, carries out the tools it asks for, tells it what came of them, and so on until it answers.
 * Stateless.
 */
final class ApiBackend implements AgentBackend {
    private static final int SIGNS_PER_TOKEN = 4;

    @Override
    public String answer(AgentSession session) throws BackendFailure, Blocked, InterruptedException {
        ApiModel model = ApiModels.of(session);
        try (ToolBox tools = McpTools.open(session)) {
            return converse(session, model, tools);
        }
    }

    private static String converse(AgentSession session, ApiModel model, ToolBox tools)
            throws BackendFailure, Blocked, InterruptedException {
        List<ChatMessage> messages = new ArrayList<>();
        messages.add(SystemMessage.from(session.told().system()));
        messages.add(UserMessage.from(session.told().user()));
        ToolCalls calls = new ToolCalls(session, tools);
        int most = session.settings().maxTurns();
        for (int turn = 1; turn <= most; turn++) {
            ChatResponse response = ask(
                    session,
                    model,
                    ChatRequest.builder()
                            .messages(messages)
                            .toolSpecifications(tools.specifications())
                            .build());
            AiMessage said = response.aiMessage();
            if (!said.hasToolExecutionRequests()) {
                return text(session, response);
            }
            messages.add(said);
            messages.addAll(calls.answer(said.toolExecutionRequests()));
        }
        throw BackendFailure.of(
                FailureKind.TERMINAL,
                "too_many_turns",
                session.entry().displayName() + " had not finished after " + most
                        + " turns: give it less to do, or raise agent.max_turns");
    }

    private static ChatResponse ask(AgentSession session, ApiModel model, ChatRequest request)
            throws BackendFailure, Blocked, InterruptedException {
        session.budgets().check(session.meter().used());
        boolean isFirst = session.meter().used().tokens() == 0;
        session.meter().asked(session.entry());
        ChatResponse response;
        try {
            response = model.ask(request);
            if (response.aiMessage() == null) {
                throw new IllegalStateException("no message in the answer");
            }
        } catch (RuntimeException thrown) {
            throw new ApiFailures(session.entry()).of(thrown, isFirst);
        }
        session.request().progressed();
        Optional<TokenUsage> used = Optional.ofNullable(response.tokenUsage());
        int in = used.map(TokenUsage::inputTokenCount).orElse(0);
        int out = used.map(TokenUsage::outputTokenCount).orElse(0);
        boolean isSaid = in > 0 || out > 0;
        session.meter()
                .answered(
                        session.entry(),
                        isSaid ? in : estimate(request.messages()),
                        isSaid ? out : estimate(List.of(response.aiMessage())));
        return response;
    }

    /** What messages come to where an endpoint does not say: a budget holds there too. */
    private static long estimate(List<ChatMessage> messages) {
        long signs = messages.stream()
                .mapToLong(message -> message.toString().length())
                .sum();
        return signs / SIGNS_PER_TOKEN + 1;
    }

    private static String text(AgentSession session, ChatResponse response) throws BackendFailure {
        String name = session.entry().displayName();
        Optional<FinishReason> reason = AnthropicEnd.of(response);
        String text = Optional.ofNullable(response.aiMessage().text())
                .map(String::strip)
                .orElse("");
        if (reason.filter(FinishReason.CONTENT_FILTER::equals).isPresent()) {
            throw BackendFailure.of(
                            FailureKind.TERMINAL,
                            "refused",
                            name + " refused the task by its own rules: word it differently")
                    .withRaw(text);
        }
        if (reason.filter(FinishReason.LENGTH::equals).isPresent()) {
            throw BackendFailure.of(
                            FailureKind.TERMINAL,
                            "answer_too_long",
                            name + " stopped in the middle of its answer: raise "
                                    + session.entry().path("max_tokens") + ", or ask for less")
                    .withRaw(text);
        }
        if (text.isEmpty()) {
            throw BackendFailure.of(FailureKind.TRANSIENT, "empty", name + " answered with nothing")
                    .worthAnotherModel();
        }
        return text;
    }
}
