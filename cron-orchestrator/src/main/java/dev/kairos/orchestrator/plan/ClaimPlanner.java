package dev.kairos.orchestrator.plan;

import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.JobState;
import dev.kairos.api.job.Misfire;
import dev.kairos.api.job.Overlap;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.ledger.Missed;
import dev.kairos.api.ledger.Trigger;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.JobDecider;
import dev.kairos.api.store.JobView;
import dev.kairos.orchestrator.schedule.CompiledSchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Decides what one node claims of one job: a waiting row, the occurrence that is due, or nothing; and in the same write
 * advances the job past every occurrence it decided about, so that nothing can be fired twice (behaviour.md §3).
 *
 * <p>Status: internal.
 */
public final class ClaimPlanner implements JobDecider {
    /** An occurrence this little behind is on time; further behind it is marked. */
    static final Duration ON_TIME = Duration.ofSeconds(10);

    /** A request older than this is never started (behaviour.md §2). */
    static final Duration REQUEST_LIFE = Duration.ofSeconds(60);

    /** The reason of one that came later. */
    static final String EXPIRED = "expired: it did not start within 60 s";

    private final Pass pass;
    private final Timetable timetable;
    private final RandomGenerator random;

    /**
     * What is the same for every job of one pass.
     *
     * @param node the claiming node
     * @param now the present
     * @param upTo only occurrences due at or before it are looked at; later than now for a claim ahead of time
     * @param source what pulled the trigger
     * @param misfire the configured default
     * @param isOfOccurrences whether occurrences are taken beside the rows that wait
     * @param excusedSince from when on being late counts against no grace
     */
    public record Pass(
            String node,
            Instant now,
            Instant upTo,
            String source,
            Misfire misfire,
            boolean isOfOccurrences,
            Optional<Instant> excusedSince) {
        /** A pass of everything, with no excuse. */
        public Pass(String node, Instant now, Instant upTo, String source, Misfire misfire) {
            this(node, now, upTo, source, misfire, true, Optional.empty());
        }

        /** Until when being late counts against a grace. */
        Instant judgedAt() {
            return excusedSince.filter(now::isAfter).orElse(now);
        }
    }

    /** A planner for one pass. */
    public ClaimPlanner(Pass pass, Timetable timetable, RandomGenerator random) {
        this.pass = pass;
        this.timetable = timetable;
        this.random = random;
    }

    @Override
    public Amendment decide(JobView view) {
        return view.job().map(job -> new OneJob(job, view.openRows()).plan()).orElseGet(() -> cancelAll(view));
    }

    /**
     * Moves the job past what is due without a row: the ledger has one for it. It would stay due for ever otherwise.
     */
    @Override
    public Amendment passOver(JobView view) {
        return view.job()
                .map(job -> new OneJob(job, view.openRows()).passOver())
                .orElseGet(Amendment::none);
    }

    private Amendment cancelAll(JobView view) {
        Amendment.Builder amendment = Amendment.builder();
        view.openRows().stream()
                .filter(row -> row.status().isWaiting())
                .forEach(row -> amendment.row(ended(row, ExecutionStatus.CANCELLED, "removed")));
        return amendment.build();
    }

    private Execution ended(Execution row, ExecutionStatus how, String reason) {
        return row.toBuilder().status(how).finishedAt(pass.now()).reason(reason).build();
    }

    /** The decision about one job. */
    private final class OneJob {
        private final Job job;
        private final JobDefinition definition;
        private final List<Execution> open;
        private final Amendment.Builder amendment = Amendment.builder();
        private final EngineState.Builder engine;
        private final boolean mayOverlap;
        private int openAfter;
        private boolean owned;
        private boolean changed;
        private boolean hasTaken;

        OneJob(Job job, List<Execution> open) {
            this.job = job;
            this.definition = job.definition();
            this.open = open;
            this.engine = job.engine().toBuilder();
            this.mayOverlap = definition.get(JobField.OVERLAP, Overlap.SKIP) == Overlap.ALLOW;
            this.openAfter = open.size();
            this.owned = open.stream().anyMatch(row -> row.status().isOwned());
        }

        Amendment plan() {
            takeWaitingRow();
            if (!hasTaken && isDue()) {
                takeOccurrences();
            }
            if (!changed) {
                return Amendment.none();
            }
            return amendment.engine(engine.build()).build();
        }

        Amendment passOver() {
            if (!isDue()) {
                return Amendment.none();
            }
            CompiledSchedule schedule = timetable.compiled(definition);
            advance(schedule, span(schedule), 0);
            return amendment.engine(engine.build()).build();
        }

        private boolean isDue() {
            EngineState state = job.engine();
            return pass.isOfOccurrences()
                    && definition.isEnabled()
                    && (state.state() == JobState.SCHEDULED || state.state() == JobState.RUNNING)
                    && state.nextRunAt().isPresent()
                    && state.dueAt().filter(due -> !due.isAfter(upTo())).isPresent()
                    && state.lastScheduledAt()
                            .map(last -> state.nextRunAt().get().isAfter(last))
                            .orElse(true);
        }

        /** Nothing is claimed ahead of time beside an open row: overlap is judged at the instant. */
        private Instant upTo() {
            return openAfter > 0 ? pass.now() : pass.upTo();
        }

        private void takeWaitingRow() {
            List<Execution> due = open.stream()
                    .filter(row -> row.status().isWaiting())
                    .filter(row ->
                            row.dueAt().filter(at -> !at.isAfter(pass.now())).isPresent())
                    .sorted(Comparator.comparing(Execution::status).reversed().thenComparing(Execution::scheduledAt))
                    .toList();
            for (Execution row : due) {
                boolean request = row.trigger() == Trigger.REQUEST;
                if (row.status() == ExecutionStatus.REQUESTED
                        && row.scheduledAt().plus(REQUEST_LIFE).isBefore(pass.now())) {
                    write(ended(row, ExecutionStatus.CANCELLED, EXPIRED));
                    openAfter--;
                } else if (owned && !mayOverlap || !definition.isEnabled() && !request) {
                    write(row.toBuilder().held().build());
                } else {
                    write(started(row.toBuilder()).fence(row.fence() + 1).build());
                    owned = true;
                    hasTaken = mayOverlap;
                    if (mayOverlap) {
                        break;
                    }
                }
            }
            if (changed && !owned) {
                releaseNextHeld();
            }
            if (changed && definition.isEnabled()) {
                engine.state(stateAfter(job.engine().nextRunAt()));
            }
        }

        /** What waited behind a request that lapsed must not wait for ever. */
        private void releaseNextHeld() {
            open.stream()
                    .filter(row -> row.status().isWaiting() && row.dueAt().isEmpty())
                    .filter(row -> definition.isEnabled() || row.trigger() == Trigger.REQUEST)
                    .min(Comparator.comparing(Execution::scheduledAt).thenComparing(Execution::attempt))
                    .ifPresent(row -> write(row.toBuilder().dueAt(pass.now()).build()));
        }

        private void takeOccurrences() {
            CompiledSchedule schedule = timetable.compiled(definition);
            Duration jitter = timetable.jitterOf(job.id(), definition);
            DueSpan span = span(schedule);
            Misfire misfire = definition.get(JobField.MISFIRE, pass.misfire());
            Duration late = Duration.between(span.latest().plus(jitter), pass.now());
            Duration counts = Duration.between(span.latest().plus(jitter), pass.judgedAt());
            boolean inGrace = counts.compareTo(Grace.of(misfire, schedule, span.latest())) <= 0;
            int counted;
            if (misfire.policy() == Misfire.Policy.RUN_ALL && span.count() > 1) {
                counted = runAll(span, schedule);
            } else if (misfire.policy() == Misfire.Policy.SKIP && !inGrace) {
                skip(span.all(), "misfire: past its grace");
                counted = 0;
            } else {
                counted = runLatest(span, misfire, mark(late, inGrace, span));
            }
            advance(schedule, span, counted);
        }

        /** What is due now; of what is not, the first occurrence alone may be claimed ahead of its time. */
        private DueSpan span(CompiledSchedule schedule) {
            Instant bound = pass.now().minus(timetable.jitterOf(job.id(), definition));
            Instant first = job.engine().nextRunAt().orElseThrow();
            return DueSpan.between(schedule, definition, first, bound.isBefore(first) ? first : bound);
        }

        private void advance(CompiledSchedule schedule, DueSpan span, int counted) {
            Duration jitter = timetable.jitterOf(job.id(), definition);
            int completed = job.engine().completedCount() + counted;
            boolean isUsedUp = completed >= definition.get(JobField.REPEAT, Integer.MAX_VALUE);
            Optional<Instant> next = isUsedUp ? Optional.empty() : schedule.next(span.latest(), span.latest());
            engine.next(next, next.map(nominal -> nominal.plus(jitter)))
                    .lastScheduledAt(Optional.of(span.latest()))
                    .completedCount(completed)
                    .state(stateAfter(next));
            changed = true;
        }

        private Optional<String> mark(Duration late, boolean inGrace, DueSpan span) {
            if (span.count() == 1 && late.compareTo(ON_TIME) <= 0) {
                return Optional.empty();
            }
            return Optional.of(inGrace ? "late" : "catch_up");
        }

        /** One run of the latest, the others named in it or skipped. Answers how many count toward repeat. */
        private int runLatest(DueSpan span, Misfire misfire, Optional<String> mark) {
            Execution.Builder row = Execution.builder(newId(), job.id(), span.latest());
            mark.ifPresent(row::reason);
            boolean isBusy = owned || openAfter > 0;
            if (isBusy && !mayOverlap) {
                boolean isBesideRequest =
                        open.stream().filter(r -> r.status().isOpen()).allMatch(r -> r.trigger() == Trigger.REQUEST);
                boolean mayQueue = definition.get(JobField.OVERLAP, Overlap.SKIP) == Overlap.QUEUE || isBesideRequest;
                boolean isQueued = open.stream()
                        .anyMatch(r -> r.status() == ExecutionStatus.QUEUED && r.trigger() == Trigger.SCHEDULE);
                if (!mayQueue || isQueued) {
                    skip(span.all(), mayQueue ? "overlap: one is queued already" : "overlap: the job is running");
                    return 0;
                }
                nameOthers(span, misfire, row);
                write(row.status(ExecutionStatus.QUEUED)
                        .jobVersion(job.version())
                        .held()
                        .build());
                openAfter++;
                return 1;
            }
            nameOthers(span, misfire, row);
            Instant due = span.latest().plus(timetable.jitterOf(job.id(), definition));
            Execution.Builder claimed = due.isAfter(pass.now()) ? claimedAhead(row, due) : started(row.dueAt(due));
            write(claimed.fence(1).build());
            openAfter++;
            owned = true;
            return 1;
        }

        private void nameOthers(DueSpan span, Misfire misfire, Execution.Builder row) {
            Optional<Missed> others = span.allButLatest();
            if (others.isEmpty()) {
                engine.skipping(Optional.empty());
            } else if (misfire.policy() == Misfire.Policy.SKIP) {
                skip(others.get(), "misfire: only the latest runs");
                engine.skipping(Optional.empty());
            } else {
                row.missed(others.get());
                engine.skipping(Optional.empty());
            }
        }

        /** Every missed one in order, at most a hundred. Answers how many count toward repeat. */
        private int runAll(DueSpan span, CompiledSchedule schedule) {
            int left = definition.get(JobField.REPEAT, Integer.MAX_VALUE)
                    - job.engine().completedCount();
            int kept = (int) Math.min(Math.min(span.count(), DueSpan.KEPT), left);
            span.olderThan(kept, schedule).ifPresent(older -> skip(older, "misfire: older than the latest " + kept));
            engine.skipping(Optional.empty());
            List<Instant> runs = span.newest()
                    .subList(span.newest().size() - kept, span.newest().size());
            for (Instant at : runs) {
                Execution.Builder row = Execution.builder(newId(), job.id(), at)
                        .jobVersion(job.version())
                        .reason("catch_up");
                if (owned || openAfter > 0) {
                    write(row.status(ExecutionStatus.QUEUED).held().build());
                } else {
                    write(started(row).fence(1).build());
                    owned = true;
                }
                openAfter++;
            }
            return kept;
        }

        private Execution.Builder started(Execution.Builder row) {
            return row.status(ExecutionStatus.RUNNING)
                    .node(pass.node())
                    .source(pass.source())
                    .claimedAt(pass.now())
                    .startedAt(pass.now())
                    .jobVersion(job.version());
        }

        private Execution.Builder claimedAhead(Execution.Builder row, Instant due) {
            return row.status(ExecutionStatus.CLAIMED)
                    .node(pass.node())
                    .source(pass.source())
                    .claimedAt(pass.now())
                    .dueAt(due)
                    .jobVersion(job.version());
        }

        private void skip(Missed missed, String reason) {
            Skips.write(amendment, engine, job, new Skips.SkipOf(missed, reason, newId(), pass.now()));
            changed = true;
        }

        private void write(Execution row) {
            amendment.row(row);
            changed = true;
        }

        private JobState stateAfter(Optional<Instant> next) {
            if (openAfter > 0) {
                return JobState.RUNNING;
            }
            return next.isPresent() ? JobState.SCHEDULED : JobState.COMPLETED;
        }

        private String newId() {
            return Ids.execution(random);
        }
    }
}
