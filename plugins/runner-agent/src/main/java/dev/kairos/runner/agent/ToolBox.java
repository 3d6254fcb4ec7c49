package dev.kairos.runner.agent;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.List;

/** The tools of one session. */
interface ToolBox extends AutoCloseable {
    /** What the model may call. */
    List<ToolSpecification> specifications();

    /**
     * Calls a tool and waits. What goes wrong is said in the answer, for the model.
     *
     * @throws InterruptedException if the caller was interrupted
     */
    String call(ToolExecutionRequest request) throws InterruptedException;

    /** Ends the servers and whatever they started. */
    @Override
    void close();
}
