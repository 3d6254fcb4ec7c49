package dev.kairos.testkit.sim;

import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.JobState;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.ledger.Missed;
import dev.kairos.api.ledger.Trigger;
import dev.kairos.orchestrator.plan.Timetable;
import dev.kairos.orchestrator.schedule.CompiledSchedule;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Job and ledger agree after every write, and every occurrence a write passes over is accounted for in that write. */
final class ScheduleRules implements Step.Rule {
    private final Timetable timetable = new Timetable();

    @Override
    public void check(Step step, Consumer<String> violation) {
        Optional<Job> after = step.after().job();
        if (after.isEmpty()) {
            return;
        }
        List<Execution> open = step.after().rows().values().stream()
                .filter(row -> row.status().isOpen())
                .toList();
        checkAgreement(after.get(), open, violation);
        checkCounts(step, after.get(), violation);
        Optional<Job> before = step.before().job();
        if (before.isPresent()) {
            checkAdvance(step, before.get(), after.get(), violation);
        }
    }

    private static void checkAgreement(Job job, List<Execution> open, Consumer<String> violation) {
        EngineState engine = job.engine();
        boolean isEnabled = job.definition().isEnabled();
        if (engine.state() == JobState.ERROR) {
            violation.accept("job " + job.id() + " is in error");
        }
        if (isEnabled && (engine.state() == JobState.RUNNING) == open.isEmpty()) {
            violation.accept("job " + job.id() + " is " + engine.state() + " with open rows " + open);
        }
        if (isEnabled && engine.state() == JobState.PAUSED
                || !isEnabled && engine.dueAt().isPresent()) {
            violation.accept(
                    "job " + job.id() + " is " + engine.state() + ", enabled " + isEnabled + ", due " + engine.dueAt());
        }
        if (isEnabled && engine.nextRunAt().isPresent() != engine.dueAt().isPresent()) {
            violation.accept("job " + job.id() + " has a next instant and no due one, or the reverse: " + engine);
        }
        if (isEnabled && engine.nextRunAt().isEmpty() && !isUsedUp(job)) {
            violation.accept("job " + job.id() + " has stopped for good: " + engine);
        }
        boolean canMove = open.stream()
                .anyMatch(row -> row.status().isOwned() || row.dueAt().isPresent());
        if (isEnabled && !open.isEmpty() && !canMove) {
            violation.accept("job " + job.id() + " waits for nobody: " + open);
        }
    }

    private static boolean isUsedUp(Job job) {
        Optional<Instant> once = job.definition().schedule().runAt();
        return job.engine().completedCount() >= job.definition().get(JobField.REPEAT, Integer.MAX_VALUE)
                || once.isPresent()
                        && job.engine()
                                .lastScheduledAt()
                                .filter(last -> !last.isBefore(once.get()))
                                .isPresent();
    }

    private static void checkCounts(Step step, Job after, Consumer<String> violation) {
        int times = after.definition().get(JobField.REPEAT, Integer.MAX_VALUE);
        boolean isSameVersion = step.before()
                .job()
                .filter(job -> job.version() == after.version())
                .isPresent();
        if (isSameVersion && after.engine().completedCount() > times) {
            violation.accept("job " + after.id() + " counted " + after.engine().completedCount() + " of " + times);
        }
        long runs = after.engine().runCount()
                - step.before()
                        .job()
                        .map(job -> job.engine().runCount())
                        .orElse(after.engine().runCount());
        long ended = step.rowChanges().stream().filter(Step.RowChange::isEnd).count();
        if (runs < 0 || runs > ended) {
            violation.accept("job " + after.id() + " counted " + runs + " runs while " + ended + " rows ended");
        }
    }

    /** The occurrences between the old and the new {@code lastScheduledAt} each belong to one row written with it. */
    private void checkAdvance(Step step, Job before, Job after, Consumer<String> violation) {
        Optional<Instant> oldLast = before.engine().lastScheduledAt();
        Optional<Instant> newLast = after.engine().lastScheduledAt();
        Optional<Instant> oldNext = before.engine().nextRunAt();
        if (oldLast.equals(newLast)) {
            checkStanding(step, before, after, violation);
            return;
        }
        if (isReset(step, before, after)) {
            return;
        }
        Optional<Execution> released = step.released();
        if (released.isPresent()) {
            checkRelease(released.get(), before, after, violation);
            return;
        }
        if (newLast.isEmpty() || oldLast.isPresent() && newLast.get().isBefore(oldLast.get()) || oldNext.isEmpty()) {
            violation.accept("job " + after.id() + " went back from " + oldLast + " to " + newLast);
            return;
        }
        CompiledSchedule schedule = timetable.compiled(before.definition());
        List<Instant> passed = Occurrences.between(schedule, oldNext.get(), newLast.get());
        if (passed.isEmpty() || !passed.get(passed.size() - 1).equals(newLast.get())) {
            violation.accept("job " + after.id() + " used up " + newLast + ", which is none of " + passed);
        }
        Occurrences.Cover cover = new Occurrences.Cover();
        step.rowChanges().forEach(cover::add);
        for (Instant occurrence : passed) {
            if (cover.of(occurrence) != 1) {
                violation.accept("occurrence " + occurrence + " of job " + after.id() + " is accounted for "
                        + cover.of(occurrence) + " times");
            }
        }
        long counted =
                step.rowChanges().stream().mapToLong(ScheduleRules::counted).sum();
        if (counted != passed.size()) {
            violation.accept(passed.size() + " occurrences of job " + after.id() + " passed, " + counted + " counted");
        }
        Optional<Instant> next = schedule.next(newLast.get(), newLast.get());
        if (isSameSchedule(before, after)
                && after.engine().nextRunAt().isPresent()
                && !after.engine().nextRunAt().equals(next)) {
            violation.accept(
                    "job " + after.id() + " is next at " + after.engine().nextRunAt() + " instead of " + next);
        }
    }

    /** A claim that is given back before its instant leaves the job as it was. */
    private static void checkRelease(Execution row, Job before, Job after, Consumer<String> violation) {
        boolean isAsBefore = after.engine().nextRunAt().equals(Optional.of(row.scheduledAt()))
                && after.engine()
                        .lastScheduledAt()
                        .filter(last -> !last.isBefore(row.scheduledAt()))
                        .isEmpty()
                && after.engine().completedCount() == before.engine().completedCount() - 1;
        if (!isAsBefore) {
            violation.accept("the release of " + row + " left job " + after.id() + " at " + after.engine());
        }
    }

    /** Without using up an occurrence a job moves only by another schedule, and past nothing that was due. */
    private static void checkStanding(Step step, Job before, Job after, Consumer<String> violation) {
        Optional<Instant> oldNext = before.engine().nextRunAt();
        Optional<Instant> newNext = after.engine().nextRunAt();
        boolean wasDue = oldNext.filter(at -> !at.isAfter(step.now())).isPresent();
        boolean mayMove = step.isByPerson() && !isSameSchedule(before, after) && !wasDue;
        if (!oldNext.equals(newNext) && !mayMove && !isReset(step, before, after)) {
            violation.accept("job " + after.id() + " moved from " + oldNext + " to " + newNext
                    + " without using up an occurrence");
        }
    }

    /** People free a job whose future a wrong clock used up. */
    private static boolean isReset(Step step, Job before, Job after) {
        return step.isByPerson()
                && before.engine()
                        .lastScheduledAt()
                        .filter(last -> last.isAfter(step.now()))
                        .isPresent()
                && after.engine().lastScheduledAt().isEmpty();
    }

    private static boolean isSameSchedule(Job before, Job after) {
        return before.definition().schedule().equals(after.definition().schedule());
    }

    private static long counted(Step.RowChange change) {
        Execution row = change.after();
        if (row == null || row.trigger() == Trigger.REQUEST || row.attempt() > 1) {
            return 0;
        }
        long missed = row.missed().map(Missed::count).orElse(0L);
        if (change.before() != null) {
            boolean isExtended =
                    row.status() == ExecutionStatus.SKIPPED && change.before().status() == ExecutionStatus.SKIPPED;
            return isExtended
                    ? missed - change.before().missed().map(Missed::count).orElse(0L)
                    : 0;
        }
        return row.status() == ExecutionStatus.SKIPPED ? missed : missed + 1;
    }
}
