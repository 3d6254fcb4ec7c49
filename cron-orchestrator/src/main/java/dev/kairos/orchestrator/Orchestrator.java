package dev.kairos.orchestrator;

import dev.kairos.api.DesiredTrigger;
import dev.kairos.api.FireRequest;
import dev.kairos.api.FireResult;
import dev.kairos.api.FireResult.Reason;
import dev.kairos.api.JobChanges;
import dev.kairos.api.TickReport;
import dev.kairos.api.env.Environment;
import dev.kairos.api.env.EnvironmentEnded;
import dev.kairos.api.env.Signal;
import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.ledger.Trigger;
import dev.kairos.api.store.StoreException;
import dev.kairos.orchestrator.ActiveRun.EndReason;
import dev.kairos.orchestrator.plan.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where firing has a meaning: claims, runs, records and delivers, whichever trigger was pulled. One per
 * process and store; a member of the store's nodes from {@link #open} to {@link #close}.
 *
 * <p>All methods may be called from any thread. Status: internal.
 */
public final class Orchestrator {
    private static final Logger LOG = LoggerFactory.getLogger("cron.orchestrator");

    /** How early a provider's fire may come and still be claimed and held (architecture.md §3). */
    static final Duration EARLY = Duration.ofSeconds(30);

    /**
     * How long before its instant the ticker claims an occurrence (architecture.md §4 allows 2 s): time enough for the
     * claim to be committed, and short, because what is held occupies a slot.
     */
    static final Duration AHEAD = Duration.ofMillis(500);

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    /** What ended in its time gets so long to be written once all time is over. */
    private static final Duration LAST_WRITES = Duration.ofSeconds(5);

    private final OrchestratorParts parts;
    private final Environment environment;
    private final Events events;
    private final Membership membership;
    private final Runs runs;
    private final Sender sender;
    private final Recovery recovery;
    private final Passes passes;
    private final NodeWatch watch;
    private final Triggers triggers;
    private final ZoneData zoneData;
    private final RepeatedTrouble failedFires = new RepeatedTrouble();
    private final AtomicInteger recoveredSinceLastPass = new AtomicInteger();
    private final Signal idle;
    private final List<Runnable> wakers = new CopyOnWriteArrayList<>();
    private final List<Consumer<JobChanges>> changeListeners = new CopyOnWriteArrayList<>();
    private final List<Runnable> storeListeners = new CopyOnWriteArrayList<>();
    private final List<Runnable> lookListeners = new CopyOnWriteArrayList<>();
    private volatile boolean isStopping;
    private volatile boolean isGivingUp;
    private volatile List<Execution> unrecorded = List.of();

    /** Assembles an orchestrator; nothing happens before {@link #open}. */
    public Orchestrator(OrchestratorParts parts) {
        this.parts = parts;
        this.environment = parts.environment();
        this.idle = environment.newSignal();
        Timetable timetable = new Timetable();
        Events events = new Events(environment, parts::listeners);
        this.events = events;
        this.membership = new Membership(parts.clock(), parts.store().nodes(), events);
        GroupCommit commit = new GroupCommit(parts.store().claims(), environment, () -> isGivingUp);
        OutputKeeper keeper = new OutputKeeper(parts.outputs(), environment, () -> isGivingUp);
        RunPath path = new RunPath(parts, commit, keeper, events, timetable, membership, new RunPath.Host() {
            @Override
            public void over(ActiveRun run) {
                Orchestrator.this.runOver();
            }

            @Override
            public void ended(ActiveRun run, boolean isRecorded) {
                Orchestrator.this.runEnded(run, isRecorded);
            }
        });
        this.runs = new Runs(parts, path);
        EnvelopeWrites writes = new EnvelopeWrites(parts, membership, events, () -> isGivingUp);
        LostSends lost = new LostSends(parts, writes, events);
        this.sender = new Sender(parts, new Sender.Paths(writes, new SendPath(parts, writes), lost), this::workChanged);
        this.recovery = new Recovery(parts, membership, lost, events, timetable);
        this.passes = new Passes(parts, membership, runs, sender, timetable, events, recovery::endUnrecorded);
        this.triggers = new Triggers(parts, sender, timetable);
        this.zoneData = new ZoneData(parts, events, timetable);
        SecondLook secondLook = new SecondLook(parts.store(), environment, timetable);
        this.watch = new NodeWatch(
                parts, new NodeWatch.Duties(membership, recovery, passes, runs, sender), events, new NodeWatch.Host() {
                    @Override
                    public void leaseLost(String node) {
                        Orchestrator.this.leaseLost(node);
                    }

                    @Override
                    public void recovered(int rows) {
                        recoveredSinceLastPass.addAndGet(rows);
                        wake();
                    }

                    @Override
                    public void moved(JobChanges changes) {
                        changeListeners.forEach(listener -> listener.accept(changes));
                        wake();
                    }

                    @Override
                    public void storeTurned() {
                        tellThatStoreTurned();
                        wake();
                    }

                    @Override
                    public void looks() {
                        lookListeners.forEach(Runnable::run);
                    }

                    @Override
                    public void begins(Job job) {
                        secondLook.at(job);
                    }
                });
    }

    /**
     * Joins the store as a node, recovers what dead nodes left, and starts the watch over leases and deadlines.
     *
     * @throws StoreException if the store cannot answer
     */
    public void open() {
        if (isStopping) {
            throw new IllegalStateException("closed for ever: assemble another orchestrator");
        }
        try {
            membership.join();
            membership.observe();
            recoveredSinceLastPass.addAndGet(recovery.recover());
            zoneData.apply();
            new Gates(parts.store(), environment).releaseLeft();
            watch.start();
        } catch (RuntimeException e) {
            membership.abandon();
            throw e;
        }
    }

    /**
     * From now on this node fires by itself. It may have been started by whoever waited for the store to be back, so it first
     * leaves other nodes the jobs that they hold runs of, as after an outage.
     */
    public void firesByItself() {
        membership.wasAway();
    }

    /** One pass; see {@link dev.kairos.api.CronContext#tick}. */
    public TickReport tick() {
        return pass(PassOrder.tick());
    }

    /**
     * One pass for whoever passes again by itself: it claims what is due within half a second too and holds it until its
     * instant, so that it starts on time. The report's next pass comes so much sooner.
     */
    public TickReport tickAhead() {
        return tickAhead(Optional.empty());
    }

    /** The same, where being late since then counts against no grace: somebody else was to fire. */
    public TickReport tickAhead(Optional<Instant> excusedSince) {
        return pass(PassOrder.ahead(AHEAD).excusing(excusedSince));
    }

    /** One pass of what is ordered. */
    public TickReport pass(PassOrder order) {
        if (isStopping) {
            return Passes.nothing(environment.now(), Optional.empty());
        }
        String node = membership.node();
        try {
            TickReport report = passes.pass(order);
            return new TickReport(
                    report.at(),
                    report.fired(),
                    report.skipped(),
                    recoveredSinceLastPass.getAndSet(0),
                    report.deliveries(),
                    report.moreDue(),
                    report.nextWakeAt());
        } catch (StoreException e) {
            if (e.kind() == StoreException.Kind.NODE_LOST) {
                leaseLost(node);
                return Passes.nothing(environment.now(), Optional.of(environment.now()));
            }
            noteSilence(e);
            throw e;
        }
    }

    /** Claims one job's due occurrence for an outside trigger; see {@link dev.kairos.api.CronContext#fire}. */
    public FireResult fire(FireRequest request, String source) {
        if (isStopping) {
            return refused(Reason.STOPPING, Optional.empty());
        }
        if (request.jobId().equals(Job.WAKE_ID)) {
            tick();
            return refused(Reason.TICKED, nextWakeAt());
        }
        return withLease(() -> fireJob(request, source));
    }

    /** For whoever is to be answered whatever happens: what fails here is tried again with the next beat. */
    private void joinAnew(String lost) {
        try {
            leaseLost(lost);
        } catch (StoreException e) {
            LOG.warn("cron.node-join reason={} it is tried again", e.getMessage());
        }
    }

    private void noteSilence(StoreException failure) {
        if (Silence.is(failure)) {
            membership.wasAway();
        }
    }

    private FireResult withLease(Supplier<FireResult> fire) {
        String node = membership.node();
        try {
            FireResult answer = fire.get();
            failedFires.over().ifPresent(times -> LOG.info("cron.fire works again after failures={}", times));
            return answer;
        } catch (StoreException e) {
            failedFires
                    .happened(String.valueOf(e.getMessage()), environment.uptime())
                    .ifPresent(reason -> LOG.warn("cron.fire-failed kind={} reason={}", e.kind(), reason));
            noteSilence(e);
            if (e.kind() == StoreException.Kind.NODE_LOST) {
                joinAnew(node);
            }
            return refused(Reason.STORE_UNAVAILABLE, Optional.empty());
        }
    }

    private FireResult fireJob(FireRequest request, String source) {
        Optional<Job> job = parts.store().jobs().find(request.jobId());
        if (job.isEmpty()) {
            return refused(Reason.NO_SUCH_JOB, Optional.empty());
        }
        Optional<Instant> due = job.get().engine().dueAt();
        if (!job.get().definition().isEnabled() || due.isEmpty()) {
            return refused(Reason.NOT_ENABLED, Optional.empty());
        }
        if (!parts.abilities().include(job.get().definition()) || passes.isHeldBack(request.jobId())) {
            return refused(Reason.NOT_ABLE, due);
        }
        Instant now = environment.now();
        Instant latest = now.plus(EARLY);
        if (due.get().isAfter(request.instant().filter(latest::isAfter).orElse(latest))) {
            return refused(Reason.NOT_DUE, due);
        }
        Instant bound = due.get().isAfter(now) ? due.get() : now; // of what lies ahead, the next alone
        if (!membership.mayStart() || runs.free() == 0 || passes.isEnding(request.jobId())) {
            return refused(Reason.BUSY, Optional.of(now));
        }
        Optional<ActiveRun> run = passes.claimOne(request.jobId(), bound, source, Trigger.SCHEDULE);
        if (run.isEmpty()) {
            Optional<Instant> next = parts.store()
                    .jobs()
                    .find(request.jobId())
                    .flatMap(after -> after.engine().dueAt());
            return refused(mayBeWithheld(job.get()) && next.equals(due) ? Reason.BUSY : Reason.TAKEN, next);
        }
        return new FireResult.Claimed(run.get().execution(), run.get().completion());
    }

    /**
     * Takes what waits of one job, a request first of all, whether or not an occurrence is due: for the process in which a
     * person asked for a run that no live node took.
     */
    public FireResult take(String jobId, String source) {
        if (isStopping) {
            return refused(Reason.STOPPING, Optional.empty());
        }
        return withLease(() -> takeOf(jobId, source));
    }

    private FireResult takeOf(String jobId, String source) {
        Optional<Job> job = parts.store().jobs().find(jobId);
        if (job.isEmpty()) {
            return refused(Reason.NO_SUCH_JOB, Optional.empty());
        }
        Optional<Instant> due = job.get().engine().dueAt();
        if (!parts.abilities().include(job.get().definition())) {
            return refused(Reason.NOT_ABLE, due);
        }
        if (!membership.mayStart() || runs.free() == 0) {
            return refused(Reason.BUSY, due);
        }
        return passes.claimOne(jobId, environment.now(), source, Trigger.REQUEST)
                .<FireResult>map(run -> new FireResult.Claimed(run.execution(), run.completion()))
                .orElseGet(() -> refused(mayBeWithheld(job.get()) ? Reason.BUSY : Reason.TAKEN, due));
    }

    /**
     * Whether what is due of it may have to wait: as many jobs with one of its tags may run already as may run at all, or this
     * node leaves it to others that are not back yet.
     */
    private boolean mayBeWithheld(Job job) {
        return membership.isJustBack()
                || !parts.settings().tagBounds().of(job.definition()).isEmpty();
    }

    private static FireResult refused(Reason reason, Optional<Instant> next) {
        return new FireResult.NotClaimed(reason, next);
    }

    /** What a provider should have armed now. */
    public List<DesiredTrigger> desiredTriggers() {
        return triggers.desired();
    }

    /**
     * When the earliest of what no schedule makes due has its time: a send, a retry, a queued or requested run. What this
     * node cannot run or send does not count.
     */
    public Optional<Instant> waitingDueAt() {
        return triggers.waitingDueAt();
    }

    /**
     * When {@code _wake} should be armed: for the earliest of what waits, at most five minutes ahead while a row or a send
     * is open; empty when nothing is.
     */
    public Optional<Instant> wakeAt() {
        return triggers.wakeAt();
    }

    /**
     * The jobs that this node could run, that are due and that nobody has claimed, earliest first. Nothing is claimed.
     *
     * @param most how many at most
     */
    public Optional<List<Unfired>> unfired(int most) {
        String node = membership.node();
        try {
            return membership.mayStart() ? Optional.of(triggers.unfired(node, most)) : Optional.empty();
        } catch (StoreException e) {
            if (e.kind() == StoreException.Kind.NODE_LOST) {
                leaseLost(node);
                return Optional.empty();
            }
            throw e;
        }
    }

    /** When the latest occurrence of the job that was decided about, by whichever node, was due. */
    public Optional<Instant> lastDueAt(String jobId) {
        return triggers.lastDueAt(jobId);
    }

    /** When the next pass has something to do, as far as the store knows. */
    public Optional<Instant> nextWakeAt() {
        return passes.nextWakeAt();
    }

    /** Adds an action for whenever something may be due sooner than was known. It must be quick. */
    public void onWake(Runnable action) {
        wakers.add(action);
    }

    /**
     * Adds an action for when the store falls silent, when it answers again, and when it knows this node by another id, after
     * a loss of its lease; on a thread of its own.
     */
    public void onStoreTurned(Runnable action) {
        storeListeners.add(action);
    }

    /**
     * Adds an action that comes every two seconds while this node is open. It may ask the store; what it throws is logged,
     * and it comes again.
     */
    public void onLook(Runnable action) {
        lookListeners.add(action);
    }

    /** Adds a listener for jobs whose due instants moved, by whichever process. It must be quick. */
    public void onChanges(Consumer<JobChanges> listener) {
        changeListeners.add(listener);
    }

    /** Tells the log and the listeners of a state change beside the orchestrator's own; see {@code docs/events.md}. */
    public void publish(String name, String... details) {
        events.publish(name, details);
    }

    /** The same for something that is not as it should be. */
    public void publishWarning(String name, String... details) {
        events.publishWarning(name, details);
    }

    /** What this node is doing now. */
    public NodeReport report() {
        return new NodeReport(
                membership.node(),
                runs.active().stream().map(ActiveRun::execution).toList(),
                runs.stuckJobs(),
                membership.mayStart(),
                membership.storeSilentSince());
    }

    /**
     * Waits until this node runs and sends nothing.
     *
     * @return whether that came within the bound
     */
    public boolean awaitIdle(Duration atMost) throws InterruptedException {
        return awaitUntil(() -> runs.active().isEmpty() && sender.isIdle(), atMost);
    }

    /** Whether this node has a message in hand. */
    public boolean isSending() {
        return !sender.isIdle();
    }

    private boolean awaitUntil(BooleanSupplier isReached, Duration atMost) throws InterruptedException {
        Duration end = environment.uptime().plus(atMost);
        while (!isReached.getAsBoolean()) {
            Duration left = end.minus(environment.uptime());
            if (left.isNegative() || left.isZero()) {
                return false;
            }
            idle.await(left.compareTo(LOOK_AGAIN) < 0 ? left : LOOK_AGAIN);
        }
        return true;
    }

    /** Gives back what was claimed ahead of its time and has not started: this process is about to stop. */
    public void releaseHeld() {
        runs.active().stream()
                .filter(run -> run.execution().status() == ExecutionStatus.CLAIMED
                        || run.execution().isAhead(environment.now()))
                .forEach(run -> run.end(EndReason.STOPPED));
    }

    /** Ends the attempt if this node runs it. Answers whether it does. */
    public boolean cancel(String executionId) {
        for (ActiveRun run : runs.active()) {
            if (run.execution().id().equals(executionId)) {
                run.end(EndReason.CANCELLED);
                runs.look();
                return true;
            }
        }
        return false;
    }

    /**
     * Stops: no new claims, then the runs get their time, then the sends theirs; what is left is ended and recorded, and
     * the node leaves. Idempotent.
     */
    public void close(Duration forRuns, Duration forSends) {
        if (isStopping) {
            return;
        }
        isStopping = true;
        boolean wasInterrupted = Thread.interrupted();
        releaseHeld();
        try {
            if (!awaitUntil(() -> runs.active().isEmpty(), forRuns)) {
                runs.active().forEach(run -> run.end(EndReason.STOPPED));
                runs.look();
                awaitUntil(() -> runs.active().stream().allMatch(ActiveRun::isFinished), Runs.PATIENCE.plusSeconds(5));
                awaitUntil(() -> runs.active().isEmpty(), LAST_WRITES);
            }
            if (!awaitIdle(forSends)) {
                sender.interruptAll();
                awaitIdle(Duration.ofSeconds(5));
            }
        } catch (InterruptedException e) {
            wasInterrupted = true;
        }
        isGivingUp = true;
        tellUnrecorded();
        watch.stop();
        try {
            membership.leave();
        } catch (StoreException e) {
            LOG.warn("cron.node-leave reason={} the others notice within {}", e.getMessage(), Membership.EXPIRY);
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void tellUnrecorded() {
        unrecorded = runs.active().stream().map(ActiveRun::execution).toList();
        unrecorded.forEach(
                row -> events.publishWarning("cron.run-unrecorded", "job", row.jobId(), "execution", row.id()));
    }

    /** After the close: what ran here and could not be recorded, by whatever was tried. */
    public List<Execution> unrecorded() {
        return unrecorded;
    }

    /** Where slots are wanting a pass need not wait until the end is written. */
    private void runOver() {
        if (passes.isShortOfSlots()) {
            wake();
        }
    }

    private void runEnded(ActiveRun run, boolean isRecorded) {
        runs.ended(run, isRecorded);
        workChanged();
    }

    private void workChanged() {
        idle.raise();
        wake();
    }

    /** Whoever listens must not keep the lease from being renewed, and neither must the want of a thread. */
    private void tellThatStoreTurned() {
        if (storeListeners.isEmpty()) {
            return;
        }
        try {
            environment.start("cron-store-turned", () -> runEach(storeListeners));
        } catch (EnvironmentEnded e) {
            throw e;
        } catch (RuntimeException | Error e) {
            LOG.warn("cron.store-turned nobody can be told", e);
        }
    }

    private void wake() {
        runEach(wakers);
    }

    private static void runEach(List<Runnable> actions) {
        for (Runnable action : actions) {
            try {
                action.run();
            } catch (RuntimeException e) {
                LOG.error("cron.waker-threw", e);
            }
        }
    }

    private void leaseLost(String node) {
        if (isGivingUp) {
            return;
        }
        if (membership.lost(node)) {
            runs.active().stream()
                    .filter(run -> run.execution().node().filter(node::equals).isPresent())
                    .forEach(run -> run.end(EndReason.NODE_LOST));
            runs.look();
        }
        if (!membership.isMember(membership.node())) {
            membership.join();
            tellThatStoreTurned();
        }
    }
}
