package dev.kairos.testkit.sim;

import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.orchestrator.plan.Timetable;
import dev.kairos.orchestrator.schedule.CompiledSchedule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/** Remembers every occurrence that was used up, so that the ledger can be held against it in the end. */
final class Account implements Step.Rule {
    private final Timetable timetable = new Timetable();
    private final Map<String, List<Used>> usedByJob = new HashMap<>();
    /** What the ledger had, and was allowed to drop. */
    private final Map<String, Occurrences.Cover> dropped = new HashMap<>();

    private record Used(CompiledSchedule schedule, Instant first, Instant last) {}

    @Override
    public void check(Step step, Consumer<String> violation) {
        if (step.isPruning()) {
            step.rowChanges().stream()
                    .map(Step.RowChange::before)
                    .filter(Objects::nonNull)
                    .forEach(row -> dropped.computeIfAbsent(row.jobId(), id -> new Occurrences.Cover())
                            .add(row));
        }
        if (step.before().job().isEmpty() || step.after().job().isEmpty()) {
            return;
        }
        Job before = step.before().job().get();
        Optional<Instant> first = before.engine().nextRunAt();
        Optional<Instant> oldLast = before.engine().lastScheduledAt();
        Optional<Instant> last = step.after().job().get().engine().lastScheduledAt();
        List<Used> used = usedByJob.computeIfAbsent(before.id(), id -> new ArrayList<>());
        Optional<Execution> released = step.released();
        if (released.isPresent()) {
            used.removeIf(span -> span.last().equals(released.get().scheduledAt()));
        } else if (last.isEmpty()) {
            used.removeIf(span -> span.last().isAfter(step.now())); // freed by people, rows and all
        } else if (!last.equals(oldLast) && first.isPresent()) {
            used.add(new Used(timetable.compiled(before.definition()), first.get(), last.get()));
        }
    }

    /** Each of them ran, waits, or is named by a run or a skip. */
    void settle(String jobId, List<Execution> rows, Consumer<String> violation) {
        Occurrences.Cover cover = dropped.getOrDefault(jobId, new Occurrences.Cover());
        rows.forEach(cover::add);
        for (Used span : usedByJob.getOrDefault(jobId, List.of())) {
            for (Instant occurrence : Occurrences.between(span.schedule(), span.first(), span.last())) {
                if (cover.of(occurrence) == 0) {
                    violation.accept("occurrence " + occurrence + " of job " + jobId + " left no trace in the ledger");
                    return;
                }
            }
        }
    }
}
