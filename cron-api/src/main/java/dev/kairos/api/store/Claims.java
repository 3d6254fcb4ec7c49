package dev.kairos.api.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The face of a store that gives nodes the right to execute, and through which every decision about a job is written.
 *
 * <p>A decider must not call the store that asks it: that is an {@link IllegalStateException}.
 *
 * <p>Status: experimental since 0.1.
 */
public interface Claims {
    /**
     * Offers jobs to the decider, in one transaction: those whose {@code dueAt} is at or before the horizon, and those
     * with a waiting row (requested, queued, retry) whose {@code dueAt} is present and at or before now, only such as
     * the node can run; earliest due first, then by id, each job once. A removed job is never offered. A job that
     * another transaction holds is passed over. What breaks the key (job, scheduledAt, attempt) is not written, for
     * that job alone: the decider's {@link JobDecider#passOver} is asked and written instead. If the decider throws,
     * nothing of the call is written and the exception leaves the method.
     *
     * @return the rows that the amendments left owned by the asking node and that were not owned by it before
     * @throws StoreException of kind {@code NODE_LOST} if the node is not a live member
     */
    List<Claim> claimDue(ClaimRequest request, JobDecider decider);

    /**
     * Writes of owners, in one transaction: each is applied only while its row is open and has its fence, one after
     * another, later ones seeing the earlier ones' writes. If a decider throws, nothing of the call is written and the
     * exception leaves the method.
     *
     * @return for each, in order, whether its fence held (whatever its decider then wrote); false too, and nothing of
     *     it written, where its amendment breaks the key (job, scheduledAt, attempt)
     */
    List<Boolean> amend(List<FencedDecision> decisions);

    /**
     * Decides about one job in one transaction, whoever owns its rows: edit, pause, request, removal. The decider is
     * called for an unknown or removed job too, with a view that has none.
     *
     * @return the job and its open rows as they are afterwards
     * @throws IllegalStateException if the amendment breaks the key (job, scheduledAt, attempt); nothing was written
     */
    JobView decide(String jobId, JobDecider decider);

    /**
     * The same about several jobs, in as few transactions as the store can: each decision is written whole or not at all,
     * and if one fails, none, some or all of the others may have been.
     *
     * @param deciders by job id
     * @throws IllegalStateException as in {@link #decide}
     */
    default void decideAll(Map<String, JobDecider> deciders) {
        deciders.forEach(this::decide);
    }

    /**
     * The earliest instant at which {@link #claimDue} would offer something.
     *
     * @param abilities what the asking node can run
     */
    Optional<Instant> nextDueAt(Abilities abilities);

    /**
     * The earliest instant at which {@link #claimDue} would offer a job for one of its waiting rows (requested, queued,
     * retry), whatever its schedule. The default answers {@link #nextDueAt}, which may be earlier.
     *
     * @param abilities what the asking node can run
     */
    default Optional<Instant> nextWaitingAt(Abilities abilities) {
        return nextDueAt(abilities);
    }
}
