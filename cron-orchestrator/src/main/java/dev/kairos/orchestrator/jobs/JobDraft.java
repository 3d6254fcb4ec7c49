package dev.kairos.orchestrator.jobs;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.JobState;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.ledger.Missed;
import dev.kairos.api.ledger.Trigger;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.JobView;
import dev.kairos.orchestrator.plan.DueSpan;
import dev.kairos.orchestrator.plan.RunEnd;
import dev.kairos.orchestrator.plan.Skips;
import dev.kairos.orchestrator.plan.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One decision about one job while it is being made: the job as it shall be, the rows to write and what to tell the person.
 * Lives inside one call of a store's decider.
 */
final class JobDraft {
    private final JobView view;
    private final Moment moment;
    private final Amendment.Builder rows = Amendment.builder();
    private final List<Execution> waiting = new ArrayList<>();
    private final List<Execution> closed = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private Job job;
    private boolean isRedefined;
    private boolean isTouched;

    /**
     * What a decision is made with, taken before it, so that deciding again decides the same.
     *
     * @param now the present
     * @param newRow the id of a row if one is needed
     * @param secondRow the id of a second one
     * @param timetable the jobs' instants
     */
    record Moment(Instant now, String newRow, String secondRow, Timetable timetable) {}

    JobDraft(JobView view, Job job, Moment moment) {
        this.view = view;
        this.job = job;
        this.moment = moment;
    }

    Job job() {
        return job;
    }

    JobView view() {
        return view;
    }

    Instant now() {
        return moment.now();
    }

    List<String> notes() {
        return notes;
    }

    void note(String sentence) {
        notes.add(sentence);
    }

    /** Takes over a definition that only says something else, and moves no instant. */
    void redefine(JobDefinition definition) {
        definition.fault().ifPresent(why -> {
            throw new RefusedException(
                    "job " + job.id(),
                    "it cannot be read here: " + why,
                    "mend it with `kairos edit " + job.id() + "`, or do this where it can be read");
        });
        job = new Job(
                job.id(), definition.toBuilder().set(JobField.UPDATED_AT, now()).build(), job.version(), job.engine());
        isRedefined = true;
    }

    void engine(EngineState state) {
        job = job.withEngine(state);
        isTouched = true;
    }

    /** Adds an open row or changes one: with it the job counts as running. */
    void row(Execution row) {
        waiting.add(row);
        isTouched = true;
    }

    /** Drops an ended row. */
    void delete(String executionId) {
        rows.deleteRow(executionId);
        isTouched = true;
    }

    /** Ends a row of the job; a further attempt that will not be made ends its run. */
    void close(Execution row) {
        closed.add(row);
        isTouched = true;
    }

    /** Takes over an edited definition; the next instant moves only with the schedule, the zone or the jitter. */
    void edit(JobDefinition edited) {
        Job before = job;
        JobDefinition old = before.definition();
        redefine(edited);
        boolean isRescheduled = !old.get(JobField.SCHEDULE).equals(edited.get(JobField.SCHEDULE));
        boolean isRejittered =
                !old.get(JobField.JITTER, Duration.ZERO).equals(edited.get(JobField.JITTER, Duration.ZERO));
        if (before.engine().state() == JobState.ERROR
                || old.get(JobField.SCHEDULE).isEmpty()) {
            mend(before);
        } else if (isRescheduled && !keepsItsAnchor(old.schedule(), edited.schedule())) {
            reschedule(before);
        } else if (isRescheduled || isRejittered) {
            place(job.engine().nextRunAt());
        } else if (!old.get(JobField.REPEAT).equals(edited.get(JobField.REPEAT))) {
            recount(before);
        }
    }

    /** What would have been due while the record could not be read is skipped; a one-shot that stands as it was is due. */
    private void mend(Job aside) {
        EngineState.Builder engine = aside.engine().toBuilder();
        SetAside.due(aside.definition())
                .filter(due -> due.schedule().runAt().isEmpty()
                        || !due.schedule()
                                .runAt()
                                .equals(job.definition().schedule().runAt()))
                .flatMap(due -> missed(aside, due))
                .ifPresent(span -> {
                    Skips.write(rows, engine, aside, new Skips.SkipOf(span.all(), "set_aside", moment.newRow(), now()));
                    engine.skipping(Optional.empty()).lastScheduledAt(Optional.of(span.latest()));
                    note(skipped(span.all()) + " while its record could not be read.");
                });
        rearm(engine.build());
    }

    private Optional<DueSpan> missed(Job aside, SetAside.Due due) {
        JobDefinition readable = aside.definition().toBuilder()
                .set(JobField.SCHEDULE, due.schedule())
                .build();
        EngineState then = aside.engine().toBuilder()
                .next(Optional.of(due.next()), Optional.empty())
                .build();
        return overdue(new Job(aside.id(), readable, aside.version(), then));
    }

    private static boolean keepsItsAnchor(Schedule old, Schedule edited) {
        return edited.every().isPresent() && old.every().equals(edited.every());
    }

    private void reschedule(Job before) {
        Timetable timetable = moment.timetable();
        EngineState.Builder engine = before.engine().toBuilder();
        if (timetable.isUsedUp(before)) {
            engine.completedCount(0);
        } else {
            overdue(before).ifPresent(span -> {
                Skips.write(rows, engine, before, new Skips.SkipOf(span.all(), "edited", moment.newRow(), now()));
                engine.lastScheduledAt(Optional.of(span.latest()));
                note(skipped(span.all()) + " by the edit.");
            });
        }
        job = job.withEngine(engine.build());
        rearm(job.engine());
        if (timetable.isUsedUp(job) && job.engine().nextRunAt().isEmpty()) {
            throw new InvalidInputException(
                    "schedule",
                    job.definition().schedule().display(),
                    "the job has already run for that instant or a later one",
                    "give a later instant, or `kairos run " + job.id() + "` to run it now");
        }
    }

    private void recount(Job before) {
        Timetable timetable = moment.timetable();
        if (timetable.isUsedUp(job)) {
            place(Optional.empty());
            note("It has run " + Shown.times(job.engine().completedCount(), "time") + " already and is completed.");
        } else if (timetable.isUsedUp(before)) {
            rearm(job.engine());
            note("It is due again: " + (repeat(job) - job.engine().completedCount()) + " to go.");
        }
    }

    private static int repeat(Job job) {
        return job.definition().get(JobField.REPEAT, Integer.MAX_VALUE);
    }

    /** The next instant after now, never one that is used up; an interval counts from now. */
    private void rearm(EngineState from) {
        Timetable timetable = moment.timetable();
        job = job.withEngine(from);
        Instant after =
                from.lastScheduledAt().filter(last -> last.isAfter(now())).orElse(now());
        if (timetable.isUsedUp(job)) {
            place(Optional.empty());
            return;
        }
        Optional<Instant> once = job.definition().schedule().runAt();
        place(once.isPresent() ? once : timetable.next(job.definition(), Optional.of(now()), after));
    }

    /** Sets the next nominal instant, when it is due, and the state that fits if nothing is open. */
    private void place(Optional<Instant> next) {
        boolean isEnabled = job.definition().isEnabled();
        Optional<Instant> due =
                isEnabled ? next.map(at -> moment.timetable().dueAt(job.id(), job.definition(), at)) : Optional.empty();
        engine(job.engine().toBuilder()
                .next(next, due)
                .state(next.isPresent() ? JobState.SCHEDULED : JobState.COMPLETED)
                .build());
    }

    void pause(Optional<String> reason) {
        JobDefinition old = job.definition();
        if (!old.isEnabled()) {
            if (reason.isPresent() && !reason.equals(old.get(JobField.PAUSED_REASON))) {
                redefine(old.toBuilder()
                        .set(JobField.PAUSED_REASON, reason.get())
                        .build());
            }
            note("It was paused already"
                    + old.get(JobField.PAUSED_AT).map(at -> ", since " + at).orElse("") + ".");
            return;
        }
        if (job.engine().state() == JobState.COMPLETED) {
            throw new InvalidInputException(
                    "job " + job.id(),
                    "",
                    "it is completed, so there is nothing to pause",
                    "give it a new schedule with `kairos edit " + job.id() + " --schedule ...`, or remove it");
        }
        JobDefinition.Builder paused =
                old.toBuilder().set(JobField.ENABLED, false).set(JobField.PAUSED_AT, now());
        reason.ifPresentOrElse(
                text -> paused.set(JobField.PAUSED_REASON, text), () -> paused.clear(JobField.PAUSED_REASON));
        redefine(paused.build());
        engine(job.engine().toBuilder()
                .next(job.engine().nextRunAt(), Optional.empty())
                .skipping(Optional.empty())
                .build());
        if (view.openRows().stream().anyMatch(row -> row.status() == ExecutionStatus.RUNNING)) {
            note("The run in progress goes on to its end.");
        }
    }

    void resume(ResumeMode mode) {
        boolean wasPaused = !job.definition().isEnabled();
        boolean isMuted = job.engine()
                .lastScheduledAt()
                .filter(last -> last.isAfter(now()))
                .isPresent();
        if (!wasPaused && !(mode == ResumeMode.RESET && isMuted)) {
            note("It was not paused.");
            return;
        }
        redefine(job.definition().toBuilder()
                .clear(JobField.ENABLED)
                .clear(JobField.PAUSED_AT)
                .clear(JobField.PAUSED_REASON)
                .build());
        if (job.definition().get(JobField.SCHEDULE).isEmpty()) {
            engine(job.engine().toBuilder().state(JobState.ERROR).build());
            note("Its record cannot be read: it is due again once that is mended.");
            return;
        }
        if (mode == ResumeMode.RESET && isMuted) {
            refuseWhileAhead();
            EngineState freed = job.engine().toBuilder()
                    .lastScheduledAt(Optional.empty())
                    .skipping(Optional.empty())
                    .build();
            note("Instants up to " + job.engine().lastScheduledAt().orElseThrow()
                    + " were used up by a clock that ran ahead; they count no more.");
            rearm(freed);
            return;
        }
        if (job.engine().state() == JobState.ERROR) {
            rearm(job.engine());
            return;
        }
        Optional<DueSpan> span = overdue(job);
        if (span.isEmpty()) {
            place(job.engine().nextRunAt());
        } else if (mode == ResumeMode.CATCH_UP) {
            catchUp(span.get());
        } else if (job.definition().schedule().runAt().isPresent()) {
            place(job.engine().nextRunAt());
            note("Its instant has passed; its misfire policy decides whether it runs now.");
        } else {
            skipStretch(span.get());
        }
    }

    /** The row of an instant that has not come would keep that instant from ever being claimed again. */
    private void refuseWhileAhead() {
        view.openRows().stream()
                .filter(row ->
                        row.trigger() == Trigger.SCHEDULE && row.scheduledAt().isAfter(now()))
                .findFirst()
                .ifPresent(row -> {
                    throw new InvalidInputException(
                            "job " + job.id(),
                            "",
                            "it runs or waits for " + row.scheduledAt() + ", which has not come yet",
                            "wait for its end, or `kairos cancel " + job.id() + "`, and reset it then");
                });
    }

    private void skipStretch(DueSpan span) {
        EngineState.Builder engine = job.engine().toBuilder();
        Skips.write(rows, engine, job, new Skips.SkipOf(span.all(), "paused", moment.newRow(), now()));
        engine.skipping(Optional.empty()).lastScheduledAt(Optional.of(span.latest()));
        job = job.withEngine(engine.build());
        place(moment.timetable().next(job.definition(), Optional.of(span.latest()), now()));
        note(skipped(span.all()) + " while it was paused.");
    }

    /** The latest one becomes a queued row, which neither grace nor the misfire policy holds back. */
    private void catchUp(DueSpan span) {
        Job before = job;
        EngineState.Builder engine = before.engine().toBuilder();
        span.allButLatest()
                .ifPresent(others ->
                        Skips.write(rows, engine, before, new Skips.SkipOf(others, "paused", moment.newRow(), now())));
        int completed = before.engine().completedCount() + 1;
        engine.skipping(Optional.empty())
                .lastScheduledAt(Optional.of(span.latest()))
                .completedCount(completed);
        boolean isBusy = view.openRows().stream().anyMatch(row -> row.status().isOwned());
        Execution.Builder row = Execution.builder(moment.secondRow(), job.id(), span.latest())
                .status(ExecutionStatus.QUEUED)
                .jobVersion(job.version())
                .reason("catch_up");
        waiting.add((isBusy ? row.held() : row.dueAt(now())).build());
        job = before.withEngine(engine.build());
        boolean isLast =
                completed >= repeat(job) || job.definition().schedule().runAt().isPresent();
        place(isLast ? Optional.empty() : moment.timetable().next(job.definition(), Optional.of(span.latest()), now()));
        note("The occurrence of " + span.latest() + " runs now"
                + (span.count() > 1 ? "; " + Shown.times(span.count() - 1, "earlier one") + " skipped." : "."));
    }

    /** The occurrences whose time has passed unfired, however the job stands. */
    private Optional<DueSpan> overdue(Job of) {
        return of.engine()
                .nextRunAt()
                .filter(first -> !first.isAfter(now()))
                .filter(first -> of.engine()
                        .lastScheduledAt()
                        .filter(last -> !first.isAfter(last))
                        .isEmpty())
                .map(first ->
                        DueSpan.between(moment.timetable().compiled(of.definition()), of.definition(), first, now()));
    }

    private static String skipped(Missed missed) {
        return missed.count() == 1
                ? "The occurrence of " + missed.from() + " was skipped"
                : Shown.times(missed.count(), "occurrence") + " from " + missed.from() + " to " + missed.to()
                        + " were skipped";
    }

    /** Everything decided, as the store shall write it. */
    Amendment amendment() {
        if (!isRedefined && !isTouched && waiting.isEmpty()) {
            return Amendment.none();
        }
        List<Execution> open = new ArrayList<>(view.openRows());
        RunEnd end = RunEnd.in(new JobView(view.jobId(), Optional.of(job), open), now());
        waiting.forEach(end::wait);
        for (Execution row : closed) {
            end.close(row);
            if (row.attempt() > 1) {
                end.count(row, Optional.of("none"));
            }
        }
        Amendment settled = end.build();
        settled.rows().forEach(rows::row);
        settled.engine().ifPresent(rows::engine);
        if (isRedefined) {
            rows.definition(job.definition());
        }
        return rows.build();
    }
}
