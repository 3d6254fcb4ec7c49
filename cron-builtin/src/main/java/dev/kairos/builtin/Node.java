package dev.kairos.builtin;

import dev.kairos.api.DesiredTrigger;
import dev.kairos.api.FireRequest;
import dev.kairos.api.FireResult;
import dev.kairos.api.FireResult.Reason;
import dev.kairos.api.InboundEndpoint;
import dev.kairos.api.TickReport;
import dev.kairos.api.env.Environment;
import dev.kairos.api.env.Signal;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.store.Abilities;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.StoreException;
import dev.kairos.builtin.plugin.Plugins;
import dev.kairos.orchestrator.NodeReport;
import dev.kairos.orchestrator.Orchestrator;
import dev.kairos.orchestrator.PassOrder;
import dev.kairos.orchestrator.StoreClock;
import dev.kairos.orchestrator.Unfired;
import dev.kairos.orchestrator.health.CommandNote;
import dev.kairos.orchestrator.health.Heartbeat;
import dev.kairos.orchestrator.health.NodeNotes;
import dev.kairos.orchestrator.health.ProviderNotes;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One life of a runtime as a member of the store's nodes: an orchestrator, and perhaps a provider. */
final class Node implements FiringCore {
    private static final Logger LOG = LoggerFactory.getLogger("cron.runtime");
    private static final Duration FOR_RUNS = Duration.ofSeconds(30);
    private static final Duration FOR_SENDS = Duration.ofSeconds(15);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final StoreClock clock;
    private final Environment environment;
    private final Configuration configuration;
    private final JobStore store;
    private final NodeParts nodeParts;
    private final Orchestrator orchestrator;
    private final Deliveries deliveries;
    private final Path home;
    private final OutsideAttempts outside;
    private final PendingChanges changes = new PendingChanges();
    private final SpentTriggers spent;
    private final Signal moved;
    /** Owned by {@link #runDue}: it starts nothing more and waits for what it started. */
    private volatile boolean isFinishing;
    /** Owned by {@link #close}; never cleared. */
    private volatile boolean isClosing;

    private volatile Optional<Instant> lastFire = Optional.empty();
    private final ProviderSeat seat;
    private volatile HttpNote http = HttpNote.NONE;
    private volatile @Nullable Heartbeat heartbeat;
    private volatile @Nullable PassLog passes;

    Node(
            RuntimeBuilder parts,
            StoreClock clock,
            Path home,
            Configuration configuration,
            JobStore store,
            Deliveries deliveries,
            Plugins plugins) {
        this.clock = clock;
        this.environment = clock.environment();
        this.configuration = configuration;
        this.store = store;
        this.deliveries = deliveries;
        this.home = home;
        this.outside = new OutsideAttempts(environment, home);
        this.moved = environment.newSignal();
        this.spent = new SpentTriggers(environment, changes);
        this.seat = new ProviderSeat(this, environment, plugins, changes, parts.capabilities);
        this.nodeParts = new NodeParts(parts, configuration, deliveries, plugins::parts);
        this.orchestrator = new Orchestrator(nodeParts.assemble(clock, store, home, this::abilities));
        orchestrator.onWake(this::wake);
        orchestrator.onChanges(changes::add);
    }

    static RuntimeStatus statusWhenStopped(Configuration configuration, RuntimeStatus.Counts counts) {
        String asked = configuration.getLenient(ConfigKey.PROVIDER).orElse(BuiltinScheduler.NAME);
        ProviderStatus provider =
                new ProviderStatus("none", asked, Optional.empty(), "idle", Optional.empty(), ProviderNotes.NONE);
        return new RuntimeStatus(
                false, Optional.empty(), provider, Optional.empty(), Optional.empty(), List.of(), List.of(), counts);
    }

    void open() {
        orchestrator.open();
    }

    void startProvider() {
        Duration interval = configuration.getLenient(ConfigKey.INTERVAL).orElseThrow();
        Environment machine = clock.machine(); // whoever reads a heartbeat has its clock, and not the store's
        Heartbeat beat =
                new Heartbeat(machine, home, () -> orchestrator.report().node(), BuiltinScheduler.NAME, interval);
        PassLog log = new PassLog(machine, beat, deliveries.redactor(), this);
        beat.notes(this::notes);
        orchestrator.onStoreTurned(beat::noted);
        orchestrator.onLook(() -> beat.share(store.nodes()));
        passes = log;
        heartbeat = beat;
        orchestrator.firesByItself();
        seat.begin(configuration, beat, log);
    }

    /** Nothing pulls a trigger here: whoever shares the store is told, and takes the node for no daemon. */
    void firesAsTold() {
        CommandNote note = new CommandNote(clock.machine(), this::id);
        orchestrator.onLook(() -> note.share(store.nodes()));
        try {
            note.share(store.nodes());
        } catch (StoreException e) {
            LOG.debug("cron.runtime the store is not told that this is a command; it is with the next look", e);
        }
    }

    /** See {@link ProviderSeat#resting}. */
    RestingProvider resting(Configuration asked) {
        return seat.resting(asked);
    }

    /** See {@link ProviderSeat#handOver}. */
    Handover handOver(Configuration asked, boolean isCheck) {
        return seat.handOver(asked, isCheck);
    }

    /**
     * Plug-ins came or went.
     *
     * @param withdrawn the class loaders of those that went
     */
    void pluginsChanged(Set<ClassLoader> withdrawn) {
        seat.pluginsChanged(withdrawn);
        wake(); // new runners and channels may take what nobody could
    }

    /** The name of the provider in use. */
    String provider() {
        return seat.status().map(ProviderStatus::name).orElse("none");
    }

    /** The name of the provider that was asked for, which the one in use may stand in for. */
    String askedProvider() {
        return seat.status().map(ProviderStatus::asked).orElse("none");
    }

    /** Under which id the store knows this node now. */
    String id() {
        return orchestrator.report().node();
    }

    /** Where the provider's outside callers are answered; empty where it has none, or nothing is claimed any more. */
    Optional<InboundEndpoint> inbound() {
        return isClosing ? Optional.empty() : seat.inbound();
    }

    /** What the heartbeat says of the HTTP server from now on. */
    void http(HttpNote note) {
        http = note;
        Heartbeat beat = heartbeat;
        if (beat != null) {
            beat.noted();
        }
    }

    void wake() {
        moved.raise();
        seat.wake();
    }

    @Override
    public TickReport tick() {
        return orchestrator.tick();
    }

    @Override
    public TickReport tickAhead(Optional<Instant> excusedSince) {
        return isDraining() ? tick() : orchestrator.tickAhead(excusedSince);
    }

    @Override
    public TickReport passOfWhatWaits() {
        return isDraining() ? tick() : orchestrator.pass(PassOrder.ofWhatWaits());
    }

    @Override
    public TickReport passOfOverdue(Instant dueBy, Predicate<String> isSpared, Optional<Instant> excusedSince) {
        return orchestrator.pass(PassOrder.ofOverdue(dueBy, isSpared).excusing(excusedSince));
    }

    @Override
    public Optional<List<Unfired>> unfired(int most) {
        return isDraining() ? Optional.empty() : orchestrator.unfired(most);
    }

    @Override
    public List<OutsideAttempts.Attempt> outsideAttempts() {
        return outside.take();
    }

    @Override
    public Optional<Instant> wakeAt() {
        return orchestrator.wakeAt();
    }

    @Override
    public Optional<Instant> lastDueAt(String jobId) {
        return orchestrator.lastDueAt(jobId);
    }

    @Override
    public FireResult fire(FireRequest request, String source) {
        if (isDraining()) {
            return new FireResult.NotClaimed(FireResult.Reason.STOPPING, Optional.empty());
        }
        FireResult fired;
        try {
            fired = orchestrator.fire(request, source);
        } catch (RuntimeException e) {
            spent.spent(request.jobId(), new FireResult.NotClaimed(Reason.STORE_UNAVAILABLE, Optional.empty()));
            throw e;
        }
        if (fired instanceof FireResult.Claimed) {
            lastFire = Optional.of(clock.machine().now()); // for the heartbeat
        }
        spent.spent(request.jobId(), fired);
        return fired;
    }

    /** The same for who calls from outside; a node that covers for a deaf provider is left word. */
    FireResult fireFromOutside(FireRequest request) {
        Instant attemptAt = environment.now();
        FireResult fired = fire(request, "fire");
        outside.note(request.jobId(), attemptAt);
        return fired;
    }

    @Override
    public void publish(String name, String... details) {
        orchestrator.publish(name, redacted(details));
    }

    @Override
    public void publishWarning(String name, String... details) {
        orchestrator.publishWarning(name, redacted(details));
    }

    private String[] redacted(String... details) {
        return Arrays.stream(details).map(deliveries.redactor()::redact).toArray(String[]::new);
    }

    /** What the heartbeat says beside the passes; triggers are counted only where a provider has to arm them. */
    private NodeNotes notes() {
        Optional<ProviderStatus> provider = seat.status();
        boolean isArming = provider.filter(status -> !status.name().equals(BuiltinScheduler.NAME))
                .isPresent();
        NodeReport report = orchestrator.report();
        return new NodeNotes(
                provider.map(ProviderStatus::asked),
                provider.flatMap(ProviderStatus::fallbackReason).map(deliveries.redactor()::redact),
                provider.flatMap(ProviderStatus::coveredBecause).map(deliveries.redactor()::redact),
                lastFire,
                isArming ? desired() : Optional.empty(),
                nodeParts.abilities().names().stream().sorted().toList(),
                List.copyOf(deliveries.platforms()),
                report.storeSilentSince(),
                report.stuckJobs(),
                provider.map(ProviderStatus::notes).map(this::redacted).orElse(ProviderNotes.NONE),
                http.address(),
                http.trouble());
    }

    private ProviderNotes redacted(ProviderNotes notes) {
        return new ProviderNotes(
                notes.state(),
                notes.health(),
                notes.healthDetail().map(deliveries.redactor()::redact),
                notes.unregistered().map(deliveries.redactor()::redact),
                notes.reconciledAt(),
                notes.armed(),
                notes.difference().map(deliveries.redactor()::redact));
    }

    /** Unknown while the store is silent, and then not asked for: a heartbeat waits for nobody. */
    private Optional<Integer> desired() {
        try {
            return orchestrator.report().storeSilentSince().isPresent()
                    ? Optional.empty()
                    : Optional.of(orchestrator.desiredTriggers().size());
        } catch (StoreException e) {
            return Optional.empty();
        }
    }

    FireResult take(String jobId) {
        return orchestrator.take(jobId, "cli");
    }

    @Override
    public List<DesiredTrigger> desiredTriggers() {
        return orchestrator.desiredTriggers();
    }

    @Override
    public Optional<Instant> lastFire() {
        return lastFire;
    }

    @Override
    public Optional<Instant> waitingDueAt() {
        return orchestrator.waitingDueAt();
    }

    @Override
    public Optional<Instant> nextWakeAt() {
        return orchestrator.nextWakeAt();
    }

    @Override
    public boolean mayStart() {
        return orchestrator.report().mayStart();
    }

    boolean cancel(String executionId) {
        return orchestrator.cancel(executionId);
    }

    /** After the close: the ids of executions whose outcome could not be recorded. */
    List<String> unrecorded() {
        return orchestrator.unrecorded().stream().map(Execution::id).toList();
    }

    private boolean isDraining() {
        return isClosing || isFinishing;
    }

    /** What this node can run now; nothing any more while it only finishes what it has. */
    private Abilities abilities() {
        return isDraining() ? new Abilities(Set.of()) : nodeParts.abilities();
    }

    DueWork runDue(Duration atMost) throws InterruptedException {
        Instant begun = environment.now();
        Duration end = environment.uptime().plus(atMost);
        List<String> fired = new ArrayList<>();
        int skipped = 0;
        int recovered = 0;
        int deliveries = 0;
        boolean isFinished = false;
        List<String> unable = unable(begun);
        try {
            while (!isFinished && environment.uptime().compareTo(end) < 0) {
                TickReport report = tick();
                fired.addAll(report.fired());
                skipped += report.skipped();
                recovered += report.recovered();
                deliveries += report.deliveries();
                boolean isLeft = isDue(store.claims().nextDueAt(abilities()), begun);
                isFinishing |= !isLeft;
                boolean isQuiet = orchestrator.awaitIdle(Duration.ZERO) && !isSendDue();
                isFinished = !isLeft && isQuiet;
                if (!isFinished && report.fired().isEmpty() && report.deliveries() == 0) {
                    moved.await(LOOK);
                }
            }
        } finally {
            isFinishing = false;
        }
        return new DueWork(fired, skipped, recovered, deliveries, unable, isFinished);
    }

    private static boolean isDue(Optional<Instant> at, Instant now) {
        return at.filter(instant -> !instant.isAfter(now)).isPresent();
    }

    private List<String> unable(Instant now) {
        Abilities abilities = nodeParts.abilities();
        List<String> unable = new ArrayList<>();
        store.jobs().each(job -> {
            if (isDue(job.engine().dueAt(), now) && !abilities.include(job.definition())) {
                unable.add(job.id());
            }
        });
        return unable;
    }

    RuntimeStatus status(RuntimeStatus.Counts counts) {
        NodeReport report = orchestrator.report();
        PassLog log = passes;
        ProviderStatus provider = seat.status()
                .orElseGet(() -> new ProviderStatus(
                        "none", "none", Optional.empty(), "idle", Optional.empty(), ProviderNotes.NONE));
        return new RuntimeStatus(
                true,
                Optional.of(report.node()),
                provider,
                log == null ? Optional.empty() : log.passes(),
                orchestrator.nextWakeAt(),
                report.running().stream().map(Execution::id).toList(),
                report.stuckJobs(),
                counts);
    }

    /** Ends the provider, then gives the runs and after them the sends their time, then leaves the store. */
    void close() {
        boolean wasInterrupted = Thread.interrupted();
        isClosing = true;
        seat.endSoon();
        orchestrator.releaseHeld();
        Heartbeat beat = heartbeat;
        if (beat != null) {
            beat.stopping();
        }
        try {
            seat.stop();
            drain(FOR_RUNS, false);
            drain(FOR_SENDS, true);
        } catch (InterruptedException e) {
            wasInterrupted = true;
        }
        orchestrator.close(Duration.ZERO, Duration.ZERO);
        if (beat != null) {
            beat.stopped();
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Passes claim no job any more, but what the runs leave to be sent is sent. */
    private void drain(Duration atMost, boolean isOfSends) throws InterruptedException {
        Duration end = environment.uptime().plus(atMost);
        while (environment.uptime().compareTo(end) < 0) {
            if (orchestrator.report().storeSilentSince().isPresent() && hasNothingInHand()) {
                return; // nothing can be claimed, and nothing is to be recorded
            }
            try {
                tick();
                boolean goesOn = isOfSends
                        ? isSending()
                        : !orchestrator.report().running().isEmpty();
                if (!goesOn) {
                    return;
                }
            } catch (RuntimeException e) {
                LOG.warn("cron.runtime the store does not answer while stopping: {}", e.getMessage());
            }
            moved.await(LOOK);
        }
    }

    private boolean hasNothingInHand() {
        return orchestrator.report().running().isEmpty() && !orchestrator.isSending();
    }

    private boolean isSending() {
        return orchestrator.isSending() || isSendDue();
    }

    private boolean isSendDue() {
        return isDue(store.outbox().nextDueAt(deliveries.platforms()), environment.now());
    }
}
