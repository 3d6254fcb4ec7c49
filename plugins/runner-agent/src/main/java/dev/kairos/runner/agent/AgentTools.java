package dev.kairos.runner.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.kairos.api.tool.AgentTool;
import dev.kairos.api.tool.ToolAnswer;
import dev.kairos.api.tool.ToolCall;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.service.tool.ToolExecutionResult;
import dev.langchain4j.service.tool.ToolExecutor;
import dev.langchain4j.service.tool.ToolProvider;
import dev.langchain4j.service.tool.ToolProviderRequest;
import dev.langchain4j.service.tool.ToolProviderResult;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * A tool of the host for an assistant that the embedding application builds with LangChain4j: {@code
 * AiServices.builder(...).toolProvider(new AgentTools(Cronjob.of(runtime, "assistant")))}. Needs the application's own
 * {@code langchain4j}. Thread-safe. Status: experimental since 0.1.
 */
public final class AgentTools implements ToolProvider {
    private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};

    private final AgentTool tool;
    private final ToolSpecification specification;
    private final Function<Object, Optional<Map<String, Object>>> origin;

    /** The tool, asked from no chat. */
    public AgentTools(AgentTool tool) {
        this(tool, memoryId -> Optional.empty());
    }

    private AgentTools(AgentTool tool, Function<Object, Optional<Map<String, Object>>> origin) {
        this.tool = Objects.requireNonNull(tool, "tool");
        this.origin = origin;
        try {
            this.specification = ToolSchemas.of(tool.name(), tool.description(), tool.schema());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the schema of " + tool.name() + " is no JSON", e);
        }
    }

    /**
     * The same tool, which learns in which chat it is asked: {@code platform}, {@code chat}, {@code thread}. What is
     * created then answers there unless it says otherwise.
     *
     * @param chat the chat of a conversation, by the id of its memory; called on the model's thread
     */
    public AgentTools withOrigin(Function<Object, Optional<Map<String, Object>>> chat) {
        return new AgentTools(tool, Objects.requireNonNull(chat, "chat"));
    }

    @Override
    public ToolProviderResult provideTools(ToolProviderRequest request) {
        return ToolProviderResult.builder().add(specification, new Executor()).build();
    }

    private ToolAnswer call(ToolExecutionRequest request, Object memoryId) {
        String given = Optional.ofNullable(request.arguments()).orElse("");
        try {
            Map<String, Object> arguments = given.isBlank() ? Map.of() : Json.MAPPER.readValue(given, TREE);
            return tool.call(new ToolCall(arguments, origin.apply(memoryId)));
        } catch (JsonProcessingException malformed) {
            return new ToolAnswer("Error: the arguments are no JSON object: " + malformed.getOriginalMessage(), true);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            return new ToolAnswer("Error: the call was ended.", true);
        }
    }

    private final class Executor implements ToolExecutor {
        @Override
        public String execute(ToolExecutionRequest request, Object memoryId) {
            return call(request, memoryId).text();
        }

        @Override
        public ToolExecutionResult executeWithContext(ToolExecutionRequest request, InvocationContext context) {
            ToolAnswer answer = call(request, context.chatMemoryId());
            return ToolExecutionResult.builder()
                    .isError(answer.isError())
                    .resultText(answer.text())
                    .build();
        }
    }
}
