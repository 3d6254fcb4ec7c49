package dev.kairos.testkit;

import dev.kairos.api.CronScheduler;
import java.io.Closeable;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a provider arms what outlives its calls: an engine's tables, a crontab, a portal. A provider's test gives the
 * contract a view of it, so that the contract can look, spoil an entry behind the provider's back and pull a trigger.
 *
 * <p>The provider's test implements it; it grows only by methods with a default body. Called on the test's thread. Status:
 * experimental since 0.1.
 */
public interface OutsideRegistry {
    /** What of this home stands there now: jobs, {@code _wake} included, and the instants at which they would be fired. */
    Map<String, Instant> armed() throws Exception;

    /** Writes an entry as the provider itself would have written it, at another instant or for a job that nobody has. */
    void arm(String jobId, Instant at) throws Exception;

    /** Takes an entry away. */
    void cancel(String jobId) throws Exception;

    /**
     * Fires an entry as the registry would at its instant.
     *
     * @throws Exception any trouble, which fails the test
     */
    default void pull(CronScheduler provider, String jobId) throws Exception {
        provider.fireDue(jobId);
    }

    /** Whatever else stands there and is none of ours, as text; nothing where the registry is ours alone. */
    default List<String> foreign() throws Exception {
        return List.of();
    }

    /** Refuses every change of this job's entry until it is closed; empty where a test cannot arrange it. */
    default Optional<Closeable> refusing(String jobId) throws Exception {
        return Optional.empty();
    }

    /** Lets every request wait until it is closed; empty where a test cannot arrange it. */
    default Optional<Closeable> hanging() throws Exception {
        return Optional.empty();
    }
}
