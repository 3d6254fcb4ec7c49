package dev.kairos.orchestrator.plan;

import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.Trigger;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.JobView;
import dev.kairos.api.store.RowDecider;
import java.time.Instant;

/**
 * Gives back a claim that was made ahead of its time, before its instant came: as if it had never been made. The row goes,
 * and the job is due again as before; no attempt is used up (architecture.md §4). A row that is marked already is given back
 * too: its owner knows that nothing has started. Where the job moved on since, or the row stands for more or was called off,
 * another decision is asked.
 *
 * <p>Status: internal.
 */
public final class ReleasePlanner implements RowDecider {
    private final Claimed claimed;
    private final Instant now;
    private final RowDecider otherwise;

    /**
     * What was claimed.
     *
     * @param definition the job's definition then
     * @param before how the job stood before
     */
    public record Claimed(JobDefinition definition, EngineState before) {}

    /** A release. */
    public ReleasePlanner(Claimed claimed, Instant now, RowDecider otherwise) {
        this.claimed = claimed;
        this.now = now;
        this.otherwise = otherwise;
    }

    @Override
    public Amendment decide(JobView view, Execution row) {
        boolean isAsClaimed = view.job()
                .filter(job -> job.engine()
                        .lastScheduledAt()
                        .filter(row.scheduledAt()::equals)
                        .isPresent())
                .filter(job -> !StartPlanner.isRescheduled(claimed.definition(), job.definition()))
                .isPresent();
        boolean isAhead = row.isAhead(now)
                && row.trigger() == Trigger.SCHEDULE
                && row.attempt() == 1
                && row.missed().isEmpty()
                && !CancelWish.isIn(row);
        return isAsClaimed && isAhead
                ? RunEnd.in(view, now)
                        .release(row, claimed.before().lastScheduledAt())
                        .build()
                : otherwise.decide(view, row);
    }
}
