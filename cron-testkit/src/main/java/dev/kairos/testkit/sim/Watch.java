package dev.kairos.testkit.sim;

import dev.kairos.api.delivery.DeliveryException;
import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.JobState;
import dev.kairos.api.job.Overlap;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.ledger.Trigger;
import dev.kairos.api.run.RunResult;
import dev.kairos.api.store.ExecutionQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Looks at every write, every start and every send, and keeps the first thing that must not be. */
final class Watch implements SimStore.WriteWatch {
    private static final Duration CLOSE_SLACK = Duration.ofSeconds(125);

    private final SimWorld world;
    private final Trace trace = new Trace();
    private final Account account = new Account();
    private final Members memberships;
    private final CancelRules cancels;
    private final ProgressRules progress;
    private final AbilityRules abilities;
    private final Set<String> started = new HashSet<>();
    private final Set<String> withMessage = new HashSet<>();
    private final List<Step.Rule> rules;
    private final Map<String, Step.Sight> seen = new HashMap<>();
    private final Map<String, Run> running = new LinkedHashMap<>();
    private final Map<String, Instant> threadEndedAt = new HashMap<>();
    private final Map<String, Mark> marks = new HashMap<>();
    private final Map<String, Map<String, Execution>> pruned = new HashMap<>();
    private final Set<String> settledSends = new HashSet<>();
    private @Nullable String violation;
    private List<String> violationTrace = List.of();
    private long starts;
    private long sends;

    private record Run(SimProcess process, Execution row) {}

    Watch(SimWorld world) {
        this.world = world;
        this.memberships = new Members(world);
        this.cancels = new CancelRules(world);
        this.abilities = new AbilityRules(world);
        this.progress = new ProgressRules(world, memberships, abilities);
        this.rules = List.of(
                new RowRules(started::contains),
                new AttemptRules(started::contains),
                new ScheduleRules(),
                new SendRules(withMessage::contains),
                new PlatformRules(world),
                new PruneRules(),
                account,
                cancels,
                abilities,
                progress);
    }

    /** What must hold at every moment of a course, whatever else is going on. */
    void checkProgress() {
        cancels.checkOpen(this::violated);
        progress.check(this::violated);
    }

    Optional<String> violation() {
        return Optional.ofNullable(violation);
    }

    List<String> violationTrace() {
        return violationTrace;
    }

    Trace trace() {
        return trace;
    }

    long starts() {
        return starts;
    }

    long sends() {
        return sends;
    }

    void violated(String what) {
        note("VIOLATION " + what);
        if (violation == null) {
            violation = what;
            violationTrace = trace.last();
        }
    }

    private void note(String event) {
        trace.add(world.time.now(), event);
    }

    @Override
    public void happened(SimProcess process, String what) {
        note(process.name + " " + what);
    }

    @Override
    public void wrote(SimProcess writer, String what, Set<String> jobIds) {
        Set<String> members = world.truth.nodes().leases().stream()
                .map(lease -> lease.node().id())
                .collect(Collectors.toSet());
        Step.Writing writing = new Step.Writing(writer, what, members, world.trueNow());
        for (String jobId : jobIds) {
            Step.Sight before = seen.getOrDefault(jobId, Step.Sight.NOTHING);
            Step.Sight after = look(jobId);
            seen.put(jobId, after);
            Step step = Step.of(writing, withFreed(writing, before, after), after);
            notePruned(step);
            tell(step);
            checkNeverStarted(step);
            noteMarks(step);
            forgetDeleted(step);
            for (Step.Rule rule : rules) {
                rule.check(step, this::violated);
            }
        }
    }

    @Override
    public void pruned(SimProcess writer) {
        wrote(writer, SimStore.PRUNE, new TreeSet<>(seen.keySet()));
    }

    private void notePruned(Step step) {
        if (step.isPruning()) {
            step.rowChanges().stream()
                    .map(Step.RowChange::before)
                    .filter(Objects::nonNull)
                    .forEach(row -> pruned.computeIfAbsent(row.jobId(), id -> new LinkedHashMap<>())
                            .put(row.id(), row));
        }
    }

    /** A person who resets a job frees the instants that have not come, those too whose rows were pruned meanwhile. */
    private Step.Sight withFreed(Step.Writing writing, Step.Sight before, Step.Sight after) {
        boolean isReset = writing.writer().name.equals("person")
                && before.job().flatMap(Watch::lastOf).isPresent()
                && after.job().isPresent()
                && after.job().flatMap(Watch::lastOf).isEmpty();
        if (!isReset) {
            return before;
        }
        Map<String, Execution> rows = new LinkedHashMap<>(before.rows());
        pruned.getOrDefault(before.job().orElseThrow().id(), Map.of()).values().stream()
                .filter(row -> row.scheduledAt().isAfter(writing.now()))
                .forEach(row -> rows.put(row.id(), row));
        return new Step.Sight(before.job(), rows, before.envelopes());
    }

    private static Optional<Instant> lastOf(Job job) {
        return job.engine().lastScheduledAt();
    }

    /** From its mark on a run keeps its definition, whatever people edit before its thread begins. */
    private void noteMarks(Step step) {
        for (Step.RowChange change : step.rowChanges()) {
            Execution row = change.after();
            boolean isMark = row != null
                    && row.status() == ExecutionStatus.RUNNING
                    && (change.before() == null || change.before().status() != ExecutionStatus.RUNNING);
            if (isMark) {
                step.before()
                        .job()
                        .ifPresent(job -> marks.put(
                                change.inserted().id(),
                                new Mark(job.definition().get(JobField.OVERLAP, Overlap.SKIP), marks.size())));
            }
        }
    }

    private void checkNeverStarted(Step step) {
        step.rowChanges().stream()
                .map(Step.RowChange::after)
                .filter(row -> row != null
                        && row.status() == ExecutionStatus.CANCELLED
                        && row.reason().filter("never_started"::equals).isPresent()
                        && started.contains(row.id()))
                .forEach(row -> violated("said never to have started, and did: " + row));
    }

    @Override
    public void membersMoved(SimProcess process, String what, Object[] arguments, Object answer) {
        if (!Boolean.FALSE.equals(answer)) {
            memberships.moved(process, what, arguments, world.time.now(), this::violated);
        }
    }

    /** What people delete from the ledger so that it can happen again may happen again. */
    private void forgetDeleted(Step step) {
        step.rowChanges().stream()
                .filter(change -> change.after() == null && step.isByPerson())
                .map(Step.RowChange::before)
                .forEach(row -> started.remove(row == null ? "" : occurrenceOf(row)));
    }

    private static String occurrenceOf(Execution row) {
        return row.jobId() + row.scheduledAt() + "#" + row.attempt();
    }

    private Step.Sight look(String jobId) {
        Map<String, Execution> rows = new LinkedHashMap<>();
        world.truth
                .ledger()
                .list(ExecutionQuery.ofJob(jobId, Integer.MAX_VALUE))
                .forEach(row -> rows.put(row.id(), row));
        Map<String, Envelope> envelopes = new LinkedHashMap<>();
        world.truth
                .outbox()
                .list(Optional.of(jobId), Set.of(), Integer.MAX_VALUE)
                .forEach(envelope -> envelopes.put(envelope.id(), envelope));
        return new Step.Sight(world.truth.jobs().find(jobId), rows, envelopes);
    }

    private void tell(Step step) {
        String by = step.writer().name + " " + step.what() + " ";
        for (Step.RowChange change : step.rowChanges()) {
            Execution row = change.after();
            if (row == null) {
                note(by + "deleted " + change.before());
            } else {
                note(by + row + " node=" + row.node().orElse("-") + " due="
                        + row.dueAt().map(Instant::toString).orElse("held")
                        + row.reason().map(reason -> " reason=" + reason).orElse("")
                        + row.missed().map(missed -> " " + missed).orElse(""));
            }
        }
        for (Step.EnvelopeChange change : step.envelopeChanges()) {
            Envelope envelope = change.after();
            note(by
                    + (envelope == null
                            ? "deleted " + change.before()
                            : "envelope " + envelope.id() + " "
                                    + envelope.state().word() + " attempts=" + envelope.attempts() + " node="
                                    + envelope.node().orElse("-") + " fence=" + envelope.fence()));
        }
        step.after()
                .job()
                .map(Watch::text)
                .filter(text -> !step.before().job().map(Watch::text).equals(Optional.of(text)))
                .ifPresent(text -> note(by + text));
    }

    private static String text(Job job) {
        EngineState engine = job.engine();
        return "job " + job.id() + " v" + job.version() + " " + engine.state().word() + " next="
                + engine.nextRunAt().map(Instant::toString).orElse("-") + " last="
                + engine.lastScheduledAt().map(Instant::toString).orElse("-") + " count="
                + engine.completedCount() + " runs=" + engine.runCount();
    }

    /** A runner was called. */
    void starts(SimProcess process, Job job, Execution row) {
        world.time.current().checkAlive();
        starts++;
        note(process.name + " STARTS " + row);
        if (!started.add(row.id())) {
            violated("an execution started twice: " + row);
        }
        if (row.trigger() == Trigger.SCHEDULE && !started.add(occurrenceOf(row))) {
            violated("an attempt of an occurrence started twice: " + row);
        }
        Optional<Execution> stored = world.truth.ledger().find(row.id());
        boolean isLive = stored.filter(now -> now.status() == ExecutionStatus.RUNNING
                        && now.fence() == row.fence()
                        && now.node().equals(row.node()))
                .isPresent();
        if (!isLive) {
            violated("a start without a live claim: " + row + " while the ledger says " + stored);
        }
        cancels.starts(process, row, this::violated);
        progress.starts(process, row);
        Instant wall = world.trueNow().plusMillis(process.mostAhead());
        if (row.trigger() == Trigger.SCHEDULE
                && row.dueAt().filter(due -> due.isAfter(wall.plusMillis(1))).isPresent()) {
            violated("a start before its time: " + row + " due " + row.dueAt() + " at " + wall);
        }
        running.values().stream()
                .filter(run -> run.row().jobId().equals(job.id()) && isHeld(run, process))
                .filter(run -> later(row, run.row()).overlap() != Overlap.ALLOW)
                .findFirst()
                .ifPresent(run -> violated("a job overlaps itself: " + row + " beside " + run.row()));
        running.put(row.id(), new Run(process, row));
    }

    /** Who was marked later had to look at the other, whichever of them comes to its work first. */
    private Mark later(Execution one, Execution other) {
        Mark first = marks.getOrDefault(one.id(), Mark.NONE);
        Mark second = marks.getOrDefault(other.id(), Mark.NONE);
        return first.order() > second.order() ? first : second;
    }

    /** The overlap policy when a row got its start mark, and how many had one before. */
    private record Mark(Overlap overlap, int order) {
        static final Mark NONE = new Mark(Overlap.SKIP, Integer.MAX_VALUE);
    }

    /** A run still counts while its claim is live, or its thread lives in the same process. */
    private boolean isHeld(Run run, SimProcess asking) {
        if (run.process().isDead) {
            return false;
        }
        Optional<Execution> stored = world.truth.ledger().find(run.row().id());
        return stored.filter(row -> row.status().isOpen()).isPresent() || run.process() == asking;
    }

    /** A runner has an answer. */
    void answers(Execution row, RunResult result) {
        if (result.silence().isEmpty() && !result.message().isBlank()) {
            withMessage.add(row.id());
        }
    }

    /** A runner returned or was unwound. */
    void ends(SimProcess process, Execution row) {
        running.remove(row.id());
        threadEndedAt.put(row.jobId(), world.trueNow());
        progress.ends(process, row);
        if (!process.isDead) {
            note(process.name + " ends " + row.id());
        }
    }

    /** A channel was called. */
    void sends(SimProcess process, String key) {
        world.time.current().checkAlive();
        sends++;
        note(process.name + " SENDS " + key);
        if (settledSends.contains(key)) {
            violated("a target gets again what it has or may have: " + key);
        }
        boolean isOwner = world.truth.outbox().list(Optional.empty(), Set.of(), Integer.MAX_VALUE).stream()
                .anyMatch(envelope -> envelope.id().equals(key) && mayBeSent(envelope, process));
        if (!isOwner) {
            violated("a stale owner delivers: " + key);
        }
    }

    /** Its owner sends it; or its job was removed a moment ago, which no request on its way can know. */
    private static boolean mayBeSent(Envelope envelope, SimProcess process) {
        String own = process.identity.pid() + "-";
        boolean isOwn = envelope.node().filter(node -> node.startsWith(own)).isPresent();
        return envelope.state() == EnvelopeState.SENDING && isOwn || envelope.state() == EnvelopeState.CANCELLED;
    }

    /** A channel answered. */
    void sent(SimProcess process, String key, DeliveryException.@Nullable Kind trouble, boolean recognisesRepetition) {
        note(process.name + " sent " + key + " " + (trouble == null ? "confirmed" : trouble.name()));
        boolean mayHaveArrived = trouble == null || trouble == DeliveryException.Kind.UNKNOWN_FATE;
        if (mayHaveArrived && !recognisesRepetition) {
            settledSends.add(key);
        }
    }

    /** A node closed. */
    void closed(SimProcess process, Duration forRuns, Duration took) {
        note(process.name + " closed after " + took);
        if (took.compareTo(forRuns.plus(CLOSE_SLACK)) > 0) {
            violated(process.name + " took " + took + " to close");
        }
    }

    /** What must hold once nothing goes wrong any more. */
    void checkRest() {
        List<String> left = new ArrayList<>();
        for (Job job : world.truth.jobs().list()) {
            Instant overdue = SimWorld.ORIGIN.plusMillis(world.time.now() - RestBound.OVERDUE.toMillis());
            job.engine()
                    .dueAt()
                    .filter(due -> due.isBefore(overdue) && !isHeldBack(job.id(), overdue))
                    .ifPresent(due -> left.add("job " + job.id() + " was due at " + due + " and nobody claimed it"));
            List<Execution> rows = world.truth.ledger().list(ExecutionQuery.ofJob(job.id(), Integer.MAX_VALUE));
            account.settle(job.id(), rows, left::add);
            checkOneShot(job, rows, overdue, left);
            List<Execution> open =
                    rows.stream().filter(row -> row.status().isOpen()).toList();
            for (Execution row : open) {
                boolean isOrphan = row.status().isOwned()
                        && !running.containsKey(row.id())
                        && row.claimedAt().filter(at -> at.isBefore(overdue)).isPresent();
                boolean isLate = row.status().isWaiting()
                        && !isHeldBack(job.id(), overdue)
                        && row.dueAt().filter(due -> due.isBefore(overdue)).isPresent();
                if (isOrphan || isLate) {
                    left.add("left behind: " + row + " node " + row.node() + " due " + row.dueAt());
                }
            }
        }
        Instant overdue = SimWorld.ORIGIN.plusMillis(world.time.now() - RestBound.OVERDUE.toMillis());
        world.truth.outbox().list(Optional.empty(), Set.of(), Integer.MAX_VALUE).stream()
                .filter(envelope ->
                        envelope.state().isWaiting() && envelope.nextAttemptAt().isBefore(overdue))
                .filter(envelope -> world.nodes.stream()
                        .anyMatch(node -> node.isServing() && node.process.platforms.contains(envelope.platform())))
                .forEach(envelope -> left.add("nobody sends " + envelope));
        left.forEach(this::violated);
    }

    /** A one-shot whose instant passed is completed, or a row of it runs or says why it waits. */
    private void checkOneShot(Job job, List<Execution> rows, Instant overdue, List<String> left) {
        boolean isPast = job.definition()
                .schedule()
                .runAt()
                .filter(at -> at.isBefore(overdue))
                .isPresent();
        boolean isOver = job.engine().state() == JobState.COMPLETED
                || !job.definition().isEnabled()
                || isHeldBack(job.id(), overdue);
        boolean isExplained = rows.stream()
                .anyMatch(row -> row.status().isOwned()
                        || row.status().isWaiting()
                                && (row.reason().isPresent()
                                        || row.trigger() == Trigger.REQUEST
                                        || isOfAClockAhead(row)));
        if (isPast && !isOver && !isExplained) {
            left.add("one-shot " + job.id() + " has not ended: " + job.engine() + " " + rows);
        }
    }

    /** Whether it was made due by a clock that ran ahead: it waits until real time comes there. */
    private boolean isOfAClockAhead(Execution row) {
        Instant now = world.trueNow();
        return row.dueAt()
                .filter(due -> due.isAfter(now) && !due.isAfter(now.plusMillis(world.furthestAhead())))
                .isPresent();
    }

    /**
     * A job does not start beside a thread of its own that ignores its end, beyond a bound, or where nobody can run it;
     * whoever comes late then has its time.
     */
    private boolean isHeldBack(String jobId, Instant overdue) {
        boolean isWithheld = world.truth
                .jobs()
                .find(jobId)
                .filter(job -> abilities.isWithheld(job.definition(), RestBound.OVERDUE))
                .isPresent();
        return isWithheld
                || threadEndedAt.getOrDefault(jobId, Instant.MIN).isAfter(overdue)
                || running.values().stream()
                        .anyMatch(run ->
                                !run.process().isDead && run.row().jobId().equals(jobId));
    }

    /** How long after the last fault everything must have settled. */
    static final class RestBound {
        static final Duration OVERDUE = Duration.ofSeconds(90);
        static final Duration SETTLING = Duration.ofMinutes(3);

        private RestBound() {}
    }
}
