package dev.kairos.orchestrator.plan;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.EngineState.LastRun;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobState;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.JobView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What one row's end means for its job, whoever writes it: the counters of a run that ended, the next queued row made due,
 * the job's state. One place for completion, refusal of a start, recovery and withdrawal.
 *
 * <p>Status: internal.
 */
public final class RunEnd {
    private final JobView view;
    private final Instant now;
    private final Amendment.Builder amendment = Amendment.builder();
    private final List<Execution> open;
    private Optional<EngineState.Builder> engine;
    private Optional<JobDefinition> redefined = Optional.empty();

    private RunEnd(JobView view, Instant now) {
        this.view = view;
        this.now = now;
        this.open = new ArrayList<>(view.openRows());
        this.engine = view.job().map(job -> job.engine().toBuilder());
    }

    /** Begins the decision about one job. */
    public static RunEnd in(JobView view, Instant now) {
        return new RunEnd(view, now);
    }

    /** Closes a row. */
    public RunEnd close(Execution closed) {
        open.removeIf(row -> row.id().equals(closed.id()));
        amendment.row(closed);
        return this;
    }

    /** Adds a waiting row, or replaces one: a further attempt. */
    public RunEnd wait(Execution waiting) {
        open.removeIf(row -> row.id().equals(waiting.id()));
        open.add(waiting);
        amendment.row(waiting);
        return this;
    }

    /** Adds envelopes for what the row has to say. */
    public RunEnd envelopes(Execution row, List<String> targets, Envelope.Content content) {
        for (String target : targets) {
            amendment.envelope(Envelope.pending(row.id(), row.jobId(), target, content, now));
        }
        return this;
    }

    /** Writes another definition of the job: one that the system itself pauses. */
    public RunEnd redefine(JobDefinition definition) {
        redefined = Optional.of(definition);
        amendment.definition(definition);
        return this;
    }

    /** Takes a row back that was claimed and did not start: the job is due for its occurrence as before. */
    RunEnd release(Execution row, Optional<Instant> lastScheduledAt) {
        open.removeIf(other -> other.id().equals(row.id()));
        amendment.deleteRow(row.id());
        boolean isEnabled =
                view.job().filter(job -> job.definition().isEnabled()).isPresent();
        int counted = view.job().map(job -> job.engine().completedCount()).orElse(0);
        engine = engine.map(
                state -> state.next(Optional.of(row.scheduledAt()), isEnabled ? row.dueAt() : Optional.empty())
                        .lastScheduledAt(lastScheduledAt)
                        .completedCount(Math.max(0, counted - 1)));
        return this;
    }

    /** Counts a run that ended with this row. */
    public RunEnd count(Execution last, Optional<String> deliveryStatus) {
        view.job().ifPresent(job -> engine = engine.map(state -> counted(state, job, last, deliveryStatus)));
        return this;
    }

    /** The whole decision: the next waiting row is made due if nothing runs any more, and the job's state follows. */
    public Amendment build() {
        if (view.job().isEmpty() || engine.isEmpty()) {
            return amendment.build();
        }
        Job job = view.job().get();
        boolean isEnabled = redefined.orElse(job.definition()).isEnabled();
        if (open.stream().noneMatch(row -> row.status().isOwned())) {
            open.stream()
                    .filter(row -> row.status().isWaiting() && row.dueAt().isEmpty())
                    .filter(row -> isEnabled || row.status() == ExecutionStatus.REQUESTED)
                    .min(Comparator.comparing(Execution::scheduledAt).thenComparing(Execution::attempt))
                    .ifPresent(row -> amendment.row(row.toBuilder().dueAt(now).build()));
        }
        EngineState.Builder state = engine.get();
        EngineState soFar = state.build();
        if (!isEnabled) {
            state.state(JobState.PAUSED);
        } else if (soFar.state() != JobState.ERROR) {
            state.state(
                    !open.isEmpty()
                            ? JobState.RUNNING
                            : soFar.nextRunAt().isPresent() ? JobState.SCHEDULED : JobState.COMPLETED);
        }
        return amendment.engine(state.build()).build();
    }

    private static EngineState.Builder counted(
            EngineState.Builder state, Job job, Execution last, Optional<String> deliveryStatus) {
        EngineState before = job.engine();
        LastRun run = LastRun.NONE.toBuilder()
                .at(last.startedAt().or(last::finishedAt))
                .status(Optional.of(last.status().word()))
                .error(last.error())
                .deliveryStatus(deliveryStatus)
                .took(last.took().map(took -> took.isNegative() ? Duration.ZERO : took))
                .build();
        int streak = last.status().isFailure()
                ? before.failureStreak() + 1
                : last.status() == ExecutionStatus.OK ? 0 : before.failureStreak();
        return state.runCount(before.runCount() + 1).failureStreak(streak).lastRun(run);
    }
}
