package dev.kairos.orchestrator.plan;

import dev.kairos.api.job.EngineState;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.ledger.Trigger;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.JobView;
import dev.kairos.api.store.RowDecider;
import java.time.Instant;

/**
 * Gives back a claim that was made ahead of its time, before its instant came: as if it had never been made. The row goes,
 * and the job is due again as before; no attempt is used up (architecture.md §4). Where the job moved on since, or the row
 * stands for more, another decision is asked.
 *
 * <p>Status: internal.
 */
public final class ReleasePlanner implements RowDecider {
    private final EngineState before;
    private final Instant now;
    private final RowDecider otherwise;

    /**
     * A release.
     *
     * @param before how the job stood when it was claimed
     */
    public ReleasePlanner(EngineState before, Instant now, RowDecider otherwise) {
        this.before = before;
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
                .isPresent();
        boolean isAhead = row.status() == ExecutionStatus.CLAIMED
                && row.trigger() == Trigger.SCHEDULE
                && row.attempt() == 1
                && row.missed().isEmpty()
                && row.dueAt().filter(now::isBefore).isPresent();
        return isAsClaimed && isAhead
                ? RunEnd.in(view, now).release(row, before.lastScheduledAt()).build()
                : otherwise.decide(view, row);
    }
}
