package dev.kairos.orchestrator;

import dev.kairos.api.TickReport;
import dev.kairos.api.env.Environment;
import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.ledger.Trigger;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.Claim;
import dev.kairos.api.store.ClaimRequest;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.api.store.JobDecider;
import dev.kairos.api.store.JobView;
import dev.kairos.api.store.StoreException;
import dev.kairos.orchestrator.jobs.Requests;
import dev.kairos.orchestrator.plan.ClaimPlanner;
import dev.kairos.orchestrator.plan.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pass: envelopes first, then the jobs that are due, as many as there are free slots, in few transactions. Passes of one
 * node never overlap.
 */
final class Passes {
    private static final Logger LOG = LoggerFactory.getLogger("cron.claim");
    private static final Duration STALLED = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration COMPLAIN = Duration.ofMinutes(1);

    private final OrchestratorParts parts;
    private final Environment environment;
    private final Membership membership;
    private final Runs runs;
    private final Sender sender;
    private final Timetable timetable;
    private final Turn turn;
    private final Events events;
    private final RowEvents told;
    private final Predicate<Execution> unrecorded;
    private volatile @Nullable Duration begunAt;
    private volatile boolean isShortOfSlots;
    /** Whether the last pass left a job to a node that is not back yet. */
    private volatile boolean hasLeftOthers;

    private final LostAnswers lost;
    /** When an unreadable outbox is said again, in uptime; only touched in turn. */
    private Duration complainNext = Duration.ZERO;

    Passes(
            OrchestratorParts parts,
            Membership membership,
            Runs runs,
            Sender sender,
            Timetable timetable,
            Events events,
            Predicate<Execution> unrecorded) {
        this.events = events;
        this.told = new RowEvents(events);
        this.unrecorded = unrecorded;
        this.parts = parts;
        this.environment = parts.environment();
        this.membership = membership;
        this.runs = runs;
        this.sender = sender;
        this.timetable = timetable;
        this.turn = new Turn(environment);
        this.lost = new LostAnswers(environment.uptime());
    }

    static TickReport nothing(Instant at, Optional<Instant> nextWakeAt) {
        return new TickReport(at, List.of(), 0, 0, 0, false, nextWakeAt);
    }

    /** Whether a pass has been at work for so long that something must be wrong. */
    boolean isStalled() {
        Duration begun = begunAt;
        return begun != null && environment.uptime().minus(begun).compareTo(STALLED) > 0;
    }

    /** One pass of what is ordered. */
    TickReport pass(PassOrder order) {
        try {
            turn.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return nothing(environment.now(), Optional.of(environment.now()));
        }
        begunAt = environment.uptime();
        try {
            return passAlone(order);
        } finally {
            begunAt = null;
            turn.give();
        }
    }

    private TickReport passAlone(PassOrder order) {
        Instant begun = environment.now();
        if (!membership.mayStart()) {
            return nothing(begun, Optional.of(begun.plus(SOON)));
        }
        String node = membership.node();
        int sends = sends(node);
        begunAt = environment.uptime(); // a long pass progresses with each of its parts
        List<String> fired = new ArrayList<>(adopt(node));
        hasLeftOthers = false;
        int skipped = 0;
        boolean isMoreDue = false;
        Instant looked = begun;
        ClaimSize size = new ClaimSize(order.isOfOccurrences());
        while (true) {
            int free = runs.free();
            isShortOfSlots = free == 0;
            if (free == 0) {
                isMoreDue = isAnythingDue();
                break;
            }
            Set<String> heldBack = runs.heldBackJobs(node);
            int limit = size.of(free + heldBack.size());
            heldBack.addAll(runs.endingJobs());
            begunAt = environment.uptime();
            Instant now = environment.now();
            looked = now;
            Instant horizon = now.plus(order.ahead());
            ClaimRequest request = new ClaimRequest(node, now, horizon, limit, parts.abilities(), Optional.empty());
            Counted planner = new Counted(planner(node, now, horizon, order), order.jobs(), heldBack, free);
            claim(bounded(request), planner)
                    .forEach(run -> fired.add(run.execution().id()));
            skipped += planner.skipped();
            if (hasLeftOthers) {
                size.leavesJobsToOthers();
            }
            boolean wasAll = planner.offered() < limit;
            if (planner.hasWritten() ? wasAll && isUnbounded() : wasAll || size.isLargest(limit)) {
                break; // where a bound is, what was written may have filled it: the rest is for another look
            }
            if (planner.starts() < free) {
                size.leftSlotsFree(limit);
            } else {
                size.filledTheSlots();
            }
        }
        return new TickReport(begun, fired, skipped, 0, sends, isMoreDue, nextWakeAt(looked, order.ahead()));
    }

    /** Whether the last pass left off because every slot was taken. */
    boolean isShortOfSlots() {
        return isShortOfSlots;
    }

    private boolean isUnbounded() {
        return parts.settings().tagBounds().isEmpty();
    }

    private ClaimRequest bounded(ClaimRequest request) {
        return request.within(parts.settings().tagBounds());
    }

    /** Hands due envelopes over; an outbox that cannot be read does not keep due jobs from starting. */
    private int sends(String node) {
        try {
            return sender.pass(node);
        } catch (RuntimeException e) {
            if (e instanceof StoreException store && store.kind() == StoreException.Kind.NODE_LOST) {
                throw e;
            }
            Duration uptime = environment.uptime();
            if (uptime.compareTo(complainNext) >= 0) {
                complainNext = uptime.plus(COMPLAIN);
                if (Silence.is(e)) {
                    LOG.warn("cron.delivery no envelope can be claimed until the store answers: {}", e.getMessage());
                } else {
                    LOG.error("cron.delivery no envelope can be claimed; jobs go on, kairos doctor says more", e);
                }
            }
            return 0;
        }
    }

    /** Claims and starts what was claimed; until every claim is in a run's hands the answer counts as lost. */
    private List<ActiveRun> claim(ClaimRequest request, JobDecider planner) {
        lost.asked(request.now(), environment.uptime());
        Decided decided = new Decided(planner);
        List<Claim> claims = parts.store().claims().claimDue(request, decided);
        List<ActiveRun> started = new ArrayList<>();
        for (Claim claim : claims) {
            told.written(claim.execution());
            started.add(runs.start(claim, decided.before(claim.job().id())));
        }
        lost.answered(request.now());
        decided.others().forEach(told::written);
        decided.passedOver().forEach(job -> events.publishWarning("cron.occurrence-recorded-already", "job", job));
        return started;
    }

    /**
     * Takes up claims of this node that were committed while their answer was lost, however late: nobody else may start them
     * as long as this node lives. What a run of this node held and could not record, or nobody knows where it is from, is ended as
     * unknown instead: it may have run. What was called off, or whose job was removed meanwhile, ends so.
     */
    private List<String> adopt(String node) {
        Set<String> unrecordedRows = runs.unrecorded();
        if (!lost.isLookDue(environment.uptime()) && unrecordedRows.isEmpty()) {
            return List.of();
        }
        Set<String> held = new HashSet<>();
        runs.active().forEach(run -> held.add(run.execution().id()));
        List<String> adopted = new ArrayList<>();
        Set<String> left = new HashSet<>();
        for (Execution row : parts.store().ledger().list(ExecutionQuery.ownedBy(node))) {
            if (held.contains(row.id())) {
                continue;
            }
            boolean isUnanswered = row.claimedAt().filter(lost::has).isPresent()
                    && !unrecordedRows.contains(row.id())
                    && !Requests.isCancelWished(row);
            Optional<Job> job = isUnanswered ? parts.store().jobs().find(row.jobId()) : Optional.empty();
            if (job.isPresent()) {
                events.publishWarning("cron.claim-adopted", "job", row.jobId(), "execution", row.id());
                // its mark was heard by nobody: it is judged anew, like a claim that has not begun
                Execution unmarked = row.toBuilder()
                        .status(ExecutionStatus.CLAIMED)
                        .unstarted()
                        .build();
                adopted.add(runs.start(new Claim(job.get(), unmarked), Optional.empty())
                        .execution()
                        .id());
            } else if (!unrecorded.test(row)) {
                left.add(row.id());
            }
        }
        runs.forgetUnrecorded(unrecordedRows);
        left.forEach(runs::leaveUnrecorded);
        lost.looked(environment.uptime());
        return adopted;
    }

    private JobDecider planner(String node, Instant now, Instant upTo, PassOrder order) {
        ClaimPlanner.Pass pass = new ClaimPlanner.Pass(
                node,
                now,
                upTo,
                order.source(),
                parts.settings().misfire(),
                order.isOfOccurrences(),
                order.excusedSince());
        JobDecider contained = new Contained(new ClaimPlanner(pass, timetable, environment.random()));
        return new NotBesideStuck(
                new NotBesideUnheard(contained, node, membership::isJustBack, () -> hasLeftOthers = true), runs);
    }

    private boolean isAnythingDue() {
        return parts.store()
                .claims()
                .nextDueAt(parts.abilities())
                .filter(due -> !due.isAfter(environment.now()))
                .isPresent();
    }

    /**
     * Claims one job's occurrence due at or before the bound and starts it; a bound ahead of time is held until then.
     *
     * @param wanted which to answer where an overlapping job starts both an occurrence and a request
     */
    Optional<ActiveRun> claimOne(String jobId, Instant bound, String source, Trigger wanted) {
        try {
            turn.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        begunAt = environment.uptime();
        try {
            if (!membership.mayStart() || isHeldBack(jobId)) {
                return Optional.empty();
            }
            String node = membership.node();
            adopt(node);
            Instant now = environment.now();
            Instant horizon = bound.isAfter(now) ? bound : now;
            ClaimRequest request = new ClaimRequest(node, now, horizon, 1, parts.abilities(), Optional.of(jobId));
            List<ActiveRun> started = claim(bounded(request), planner(node, now, bound, PassOrder.of(source)));
            return started.stream()
                    .filter(run -> run.execution().trigger() == wanted)
                    .findFirst()
                    .or(() -> started.stream().findFirst());
        } finally {
            begunAt = null;
            turn.give();
        }
    }

    /** Whether a thread of the job that was told to end still lives here: the job does not start beside it. */
    boolean isHeldBack(String jobId) {
        return runs.heldBackJobs(membership.node()).contains(jobId);
    }

    /** Whether the end of the job's last run is still being written. */
    boolean isEnding(String jobId) {
        return runs.endingJobs().contains(jobId);
    }

    /** Jobs that no pass starts now: a thread of theirs lives on, or the end of their last run is being written. */
    private Set<String> heldBack() {
        Set<String> jobs = runs.heldBackJobs(membership.node());
        jobs.addAll(runs.endingJobs());
        return jobs;
    }

    /**
     * When the next pass has something to do; jobs are left out while no slot is free, since a freed slot wakes. A job
     * that is due but must not start here is looked at again from time to time: another node may take it.
     */
    Optional<Instant> nextWakeAt() {
        Optional<Instant> job =
                runs.free() == 0 ? Optional.empty() : parts.store().claims().nextDueAt(parts.abilities());
        Instant now = environment.now();
        boolean mayBeWithheld = !isUnbounded() || hasLeftOthers || !heldBack().isEmpty();
        if (mayBeWithheld && job.filter(at -> !at.isAfter(now)).isPresent()) {
            job = Optional.of(now.plus(SOON));
        }
        Optional<Instant> send =
                sender.free() == 0 ? Optional.empty() : parts.store().outbox().nextDueAt(parts.platforms());
        return Stream.concat(job.stream(), send.stream()).min(Instant::compareTo);
    }

    /**
     * When the next pass that claims ahead has something to do. What the last one left although it was near its instant
     * has an open row and waits for that instant; what comes into reach meanwhile is looked for half-way.
     */
    private Optional<Instant> nextWakeAt(Instant looked, Duration ahead) {
        Instant reach = looked.plus(ahead);
        Optional<Instant> next = nextWakeAt().map(at -> {
            if (ahead.isZero() || !at.isAfter(looked)) {
                return at;
            }
            Instant halfWay = looked.plus(ahead.dividedBy(2));
            return at.isAfter(reach) ? at.minus(ahead) : at.isBefore(halfWay) ? at : halfWay;
        });
        Instant look = looked.plus(LostAnswers.LOOK);
        return lost.isOneExpected(environment.uptime())
                        && next.filter(look::isAfter).isEmpty()
                ? Optional.of(look)
                : next;
    }

    /** Counts what a planner was offered and skipped; a repeated transaction counts once. */
    private static final class Counted implements JobDecider {
        private final JobDecider planner;
        private final Predicate<Job> jobs;
        private final Set<String> heldBack;
        private final int free;
        private final Map<String, Integer> skippedByJob = new HashMap<>();
        private final Map<String, Integer> startsByJob = new HashMap<>();
        private final Set<String> written = new HashSet<>();
        private int starts;

        Counted(JobDecider planner, Predicate<Job> jobs, Set<String> heldBack, int free) {
            this.planner = planner;
            this.jobs = jobs;
            this.heldBack = heldBack;
            this.free = free;
        }

        @Override
        public Amendment decide(JobView view) {
            forgetStarts(view);
            written.remove(view.jobId());
            boolean isPassedBy = view.job().filter(jobs.negate()).isPresent();
            if (isPassedBy || heldBack.contains(view.jobId()) || starts >= free) {
                skippedByJob.put(view.jobId(), 0);
                return Amendment.none();
            }
            Amendment amendment = planner.decide(view);
            note(view, amendment);
            int begun = 0;
            int skips = 0;
            for (Execution row : amendment.rows()) {
                begun += row.status().isOwned() ? 1 : 0;
                skips += row.status() == ExecutionStatus.SKIPPED ? 1 : 0;
            }
            startsByJob.put(view.jobId(), begun);
            starts += begun;
            skippedByJob.put(view.jobId(), skips);
            return amendment;
        }

        @Override
        public Amendment passOver(JobView view) {
            forgetStarts(view);
            skippedByJob.put(view.jobId(), 0);
            written.remove(view.jobId());
            Amendment amendment = planner.passOver(view);
            note(view, amendment);
            return amendment;
        }

        private void note(JobView view, Amendment amendment) {
            if (!amendment.isNone()) {
                written.add(view.jobId());
            }
        }

        int offered() {
            return skippedByJob.size();
        }

        boolean hasWritten() {
            return !written.isEmpty();
        }

        /** A transaction that is repeated decides anew. */
        private void forgetStarts(JobView view) {
            Integer before = startsByJob.remove(view.jobId());
            starts -= before == null ? 0 : before;
        }

        int starts() {
            return starts;
        }

        int skipped() {
            return skippedByJob.values().stream().mapToInt(Integer::intValue).sum();
        }
    }
}
