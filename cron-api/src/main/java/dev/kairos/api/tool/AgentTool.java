package dev.kairos.api.tool;

import java.util.Map;

/**
 * A tool for a model, of whatever library: its name, what the model is told of it, and what it does. The host implements
 * it; it may grow. Any thread may call, also at the same time. Status: experimental since 0.1.
 */
public interface AgentTool {
    /** Its name, for example {@code cronjob}. */
    String name();

    /** What it is for, in words for a model. */
    String description();

    /** The JSON schema of its arguments, as a plain tree; an object with {@code properties} and {@code required}. */
    Map<String, Object> schema();

    /**
     * Does what is asked. May block, as long as a run takes where the model asks to wait for one (ten minutes at most).
     * Whatever goes wrong is said in the answer, with how to mend the call.
     *
     * @throws InterruptedException if the caller was interrupted
     */
    ToolAnswer call(ToolCall call) throws InterruptedException;
}
