package dev.kairos.api.store;

import dev.kairos.api.ledger.Execution;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The face of a store that keeps the executions, and the few facts that the host remembers beside them. Status:
 * experimental since 0.1.
 */
public interface Ledger {
    /** The execution with the id. */
    Optional<Execution> find(String executionId);

    /** The executions that match, newest first by scheduledAt, then attempt, then id. */
    List<Execution> list(ExecutionQuery query);

    /**
     * Drops old rows and their envelopes: ended before {@code keepFrom} (a row without a finish counts by its
     * scheduledAt) or beyond the newest {@code mostPerJob} of their job, but never the newest 20 of a job that exists,
     * an open row, or a row with an open envelope. Bounded work per call: it drops some thousands at most
     * and is called again while it dropped any.
     *
     * @return how many were dropped; 0 when nothing is left to drop
     */
    int prune(Instant keepFrom, int mostPerJob);

    /** What the store keeps of an execution's output; empty where it {@link JobStore#keepsOutputs keeps none}. */
    default Optional<String> output(String executionId) {
        return Optional.empty();
    }

    /**
     * A file that the execution named, as it was when the execution ended; empty where the store {@link
     * JobStore#keepsOutputs keeps none}. It may go once each envelope of the execution is delivered or cancelled, and goes
     * with the output.
     *
     * @param path as the output names it
     */
    default Optional<byte[]> file(String executionId, String path) {
        return Optional.empty();
    }

    /** Forgets the kept outputs of a job, which may be gone, and their files. */
    default void purgeOutputs(String jobId) {}

    /** The facts whose name begins with the prefix, by name. There are few, and each is short. */
    Map<String, String> facts(String prefix);

    /**
     * Writes or drops a fact, only while it still is what the caller saw.
     *
     * @param name at most 300 characters of printable ASCII
     * @param seen the value the caller saw; empty for none
     * @param value the new value, at most 4,000 characters; empty drops the fact
     * @return whether it was what the caller saw, and is written
     */
    boolean keepFact(String name, Optional<String> seen, Optional<String> value);
}
