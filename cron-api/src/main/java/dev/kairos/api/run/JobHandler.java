package dev.kairos.api.run;

import java.util.Map;

/**
 * Java work of an embedding application, named by a job's {@code handler} field.
 *
 * <p>Called on a thread of the host's run pool; calls of one job do not overlap unless its overlap policy allows it. It
 * should end when interrupted. Status: experimental since 0.1.
 */
@FunctionalInterface
public interface JobHandler {
    /**
     * Does the work.
     *
     * @param call the attempt and the job's arguments
     * @return the message to deliver; empty text for nothing
     * @throws Exception any trouble; counts as a transient failure with its message
     */
    String handle(Call call) throws Exception;

    /** What a handler is called with. The host implements it. */
    interface Call {
        /** The attempt. */
        RunRequest request();

        /** The job's JSON arguments as a plain tree. */
        Map<String, Object> args();
    }
}
