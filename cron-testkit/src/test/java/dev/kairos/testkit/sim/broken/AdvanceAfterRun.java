package dev.kairos.testkit.sim.broken;

import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.Claim;
import dev.kairos.api.store.ClaimRequest;
import dev.kairos.api.store.Claims;
import dev.kairos.api.store.FencedDecision;
import dev.kairos.api.store.JobDecider;
import dev.kairos.api.store.JobStore;
import dev.kairos.orchestrator.plan.Timetable;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The claim leaves the job where it is; it moves on when the run ends. */
final class AdvanceAfterRun extends PassingStore {
    private final Timetable timetable = new Timetable();

    AdvanceAfterRun(JobStore sound) {
        super(sound);
    }

    @Override
    public Claims claims() {
        return new PassingClaims(sound) {
            @Override
            public List<Claim> claimDue(ClaimRequest request, JobDecider decider) {
                return sound.claimDue(request, view -> {
                    Amendment whole = decider.decide(view);
                    Optional<EngineState> standing =
                            view.job().flatMap(job -> whole.engine().map(engine -> standing(job.engine(), engine)));
                    return Copies.withEngine(whole, standing);
                });
            }

            @Override
            public List<Boolean> amend(List<FencedDecision> decisions) {
                return sound.amend(decisions.stream()
                        .map(one -> new FencedDecision(one.row(), (view, row) -> {
                            Amendment whole = one.decider().decide(view, row);
                            Optional<EngineState> moved =
                                    view.job().flatMap(job -> whole.engine().map(engine -> advanced(job, row, engine)));
                            return Copies.withEngine(whole, moved);
                        }))
                        .toList());
            }
        };
    }

    private static EngineState standing(EngineState before, EngineState engine) {
        return engine.toBuilder()
                .next(before.nextRunAt(), before.dueAt())
                .lastScheduledAt(before.lastScheduledAt())
                .build();
    }

    private EngineState advanced(Job job, Execution row, EngineState engine) {
        if (engine.nextRunAt().filter(next -> !next.isAfter(row.scheduledAt())).isEmpty()) {
            return engine;
        }
        Optional<Instant> next = timetable.next(job.definition(), Optional.of(row.scheduledAt()), row.scheduledAt());
        return engine.toBuilder()
                .next(next, next)
                .lastScheduledAt(Optional.of(row.scheduledAt()))
                .build();
    }
}
