package dev.kairos.builtin;

import dev.kairos.api.FireRequest;
import dev.kairos.api.FireResult;
import dev.kairos.api.InboundEndpoint;
import dev.kairos.api.InvalidInputException;
import dev.kairos.api.TickReport;
import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.env.Environment;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.JobState;
import dev.kairos.api.run.JobHandler;
import dev.kairos.api.store.Abilities;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.StoreException;
import dev.kairos.builtin.plugin.PluginListing;
import dev.kairos.builtin.plugin.PluginNotes;
import dev.kairos.builtin.plugin.Plugins;
import dev.kairos.orchestrator.Gates;
import dev.kairos.orchestrator.Resend;
import dev.kairos.orchestrator.StoreClock;
import dev.kairos.orchestrator.delivery.NamedFiles;
import dev.kairos.orchestrator.health.HeartbeatReader;
import dev.kairos.orchestrator.jobs.JobChange;
import dev.kairos.orchestrator.jobs.JobOperations;
import dev.kairos.orchestrator.jobs.ZoneDefaults;
import dev.kairos.orchestrator.mirror.JobsMirror;
import dev.kairos.orchestrator.mirror.MirrorReport;
import dev.kairos.orchestrator.schedule.ScheduleZones;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The assembled host: store, jobs, runners, channels and the provider, from one configuration. An embedding application
 * builds one, defines its jobs, starts it and closes it; the command line does the same.
 *
 * <p>Between {@link RuntimeBuilder#build} and {@link #start} jobs can be read and changed, and nothing fires. {@link #start}
 * lets the provider fire; {@link #join} makes this process able to fire by hand ({@link #tick}, {@link #fire}, {@link
 * #runDue}) without a provider. {@link #stop} ends either gracefully and may be followed by another start; {@link #close}
 * also closes the store. All methods may be called from any thread. Status: experimental since 0.1.
 */
public final class CronRuntime implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("cron.runtime");

    private static final Duration CLOCK_IS_STALE = Duration.ofSeconds(10);

    private final RuntimeBuilder parts;
    private final Assembly assembled;
    private final StoreClock clock;
    private final Environment environment;
    private final Path home;
    private final Configuration configuration;
    private final JobStore store;
    private final Plugins plugins;
    private final Deliveries deliveries;
    private final JobOperations jobs;
    private final Optional<MirrorKeeper> mirror;
    private final Optional<MirrorReport> taken;
    private final Object lifecycle = new Object();
    private @Nullable PluginKeeper pluginKeeper;
    private volatile @Nullable Node node;
    private volatile List<String> unrecorded = List.of();
    private boolean isStopping;
    private boolean isClosed;

    CronRuntime(RuntimeBuilder parts) {
        this.parts = parts;
        this.assembled = Assembly.of(parts);
        this.clock = assembled.clock();
        this.environment = clock.environment();
        this.home = assembled.home();
        this.configuration = assembled.configuration();
        this.store = assembled.store();
        this.plugins = assembled.plugins();
        try {
            this.deliveries = assembled.deliveries();
            this.jobs = new JobOperations(new WakingStore(store, this::wake), environment, assembled.rules());
            this.mirror = assembled.mirror(jobs);
            this.taken = mirror.map(MirrorKeeper::begin);
        } catch (RuntimeException | Error trouble) {
            assembled.close();
            throw trouble;
        }
    }

    /** A builder; {@code CronRuntime.builder().build()} is the standard home. */
    public static RuntimeBuilder builder() {
        return new RuntimeBuilder();
    }

    /** What people, applications and agents do with jobs, on behalf of the builder's caller. */
    public JobOperations jobs() {
        if (node == null) {
            readClockAgain(); // nobody renews a lease, which does so
        }
        return jobs;
    }

    /**
     * The same inside a transaction that the application has open on a connection to the store's own database: a job that
     * is declared there exists if, and only if, the application commits.
     *
     * @param connection without auto-commit; it is neither committed nor closed here
     * @throws IllegalArgumentException if it commits by itself
     * @throws UnsupportedOperationException if the store is no database that a connection leads to
     */
    public JobOperations jobs(Connection connection) {
        JobStore within = store.within(connection)
                .orElseThrow(() -> new UnsupportedOperationException(
                        "this store takes part in no transaction: set store.url to a database, or use jobs()"));
        return new JobOperations(within, environment, assembled.rules());
    }

    /** The store. Its writes do not wake the trigger at once; those through {@link #jobs} do. */
    public JobStore store() {
        return store;
    }

    /** The mirror of the jobs in cron/jobs.json; empty where {@code cron.jobs_file} is off. */
    public Optional<JobsMirror> mirror() {
        return mirror.map(MirrorKeeper::mirror);
    }

    /** What was taken from cron/jobs.json when this was built; empty where it is not kept. */
    public Optional<MirrorReport> takenFromJobsFile() {
        return taken;
    }

    /** What this process could run: one ability for each runner, one for each handler. */
    public Abilities abilities() {
        return new NodeParts(parts, configuration, deliveries, plugins::parts).abilities();
    }

    /** What this process could deliver to, sorted. */
    public Set<String> platforms() {
        return deliveries.platforms();
    }

    /** The configuration in force. */
    public Configuration configuration() {
        return configuration;
    }

    /**
     * Why a message to the target could not be sent from here, a clause; empty if it could.
     *
     * @param target one entry of {@code deliver} or {@code failure_deliver}
     */
    public Optional<String> targetTrouble(String target) {
        return deliveries.check().refusal(target);
    }

    /** Every platform that can be found, configured or not, by name. */
    public List<TargetListing> targets() {
        return new TargetListings(deliveries).all();
    }

    /** What is configured for platforms that are not there, each a sentence; a plug-in may be missing, or a name misspelt. */
    public List<String> strayPlatforms() {
        return deliveries.strays();
    }

    /**
     * Sends words of a person's own now, without a job, the ledger or a retry; secrets are taken out of them.
     *
     * @param target a target, or {@code all}; {@code origin} is the first home target
     * @param title what stands where a job's name would
     * @return what became of it for each target; none for {@code local}
     * @throws InvalidInputException if nothing can be sent there
     */
    public List<Sent> deliver(String target, String text, String title) {
        return deliver(target, text, title, List.of(), sent -> {});
    }

    /**
     * The same with files behind the words, each a message of its own. They may lie anywhere: whoever calls this can read
     * them.
     *
     * @param text may be blank if there are files
     * @param files at most ten of at most 10 MiB each
     * @param told is called with what became of it for each target, as soon as that is known, on the caller's thread
     * @return what became of it for each target; an error too where the words arrived and the platform takes no files
     * @throws InvalidInputException if nothing can be sent there, or a file cannot be read; nothing was sent then
     */
    public List<Sent> deliver(String target, String text, String title, List<Path> files, Consumer<Sent> told) {
        return new DirectSend(deliveries, environment)
                .send(target, new DirectSend.Words(text, title, NamedFiles.readAnywhere(environment, files)), told);
    }

    /** The messages that were given up, or whose fate nobody knows, oldest first. */
    public List<Envelope> lostDeliveries() {
        return new Resend(store, environment).lost();
    }

    /**
     * Has a lost message sent again, with all its retries, from its first part without a receipt. The job does not run.
     *
     * @return whether it was still lost
     */
    public boolean retryDelivery(Envelope lost) {
        boolean isWaiting = new Resend(store, environment).again(lost);
        if (isWaiting) {
            wake();
        }
        return isWaiting;
    }

    /** Clocks, threads, files. Where the store has a clock of its own, the wall clock is that one. */
    public Environment environment() {
        return environment;
    }

    /**
     * How far the store's clock, by which everything is judged, is ahead of the machine's; negative if it is behind. Empty
     * where the store has no clock of its own.
     */
    public Optional<Duration> storeClockAhead() {
        return clock.ahead();
    }

    /** The home folder. */
    public Path home() {
        return home;
    }

    /**
     * Registers the handler under the job's name and declares the job: made once, brought up to date when the schedule's
     * text here changes, otherwise left as an operator left it. Calling it at each start never adds a job twice.
     *
     * @throws InvalidInputException if the schedule cannot be read or another job has the name; nothing was changed
     */
    public JobChange define(String name, String schedule, JobHandler handler) {
        return define(JobDefinition.builder().set(JobField.NAME, name).build(), schedule, handler);
    }

    /**
     * The same for a job with more than a name: where its result goes, its limits, its policies.
     *
     * @param rest everything but schedule and handler; it needs a name
     * @throws InvalidInputException if any part cannot be accepted or another job has the name; nothing was changed
     */
    public JobChange define(JobDefinition rest, String schedule, JobHandler handler) {
        String name = rest.name();
        Optional<JobHandler> before = Optional.ofNullable(parts.handlers.put(name, handler));
        try {
            return jobs.define(rest.toBuilder().set(JobField.HANDLER, name).build(), schedule);
        } catch (RuntimeException | Error refused) {
            before.ifPresentOrElse(old -> parts.handlers.put(name, old), () -> parts.handlers.remove(name));
            throw refused;
        }
    }

    /** Removes the job that code declared under the name, and its handler. Empty if there was none. */
    public Optional<JobChange> undefine(String name) {
        Optional<JobChange> removed = jobs.undefine(name);
        parts.handlers.remove(name);
        return removed;
    }

    /**
     * Becomes a node of the store, recovers what dead nodes left, and lets the configured provider fire. Does nothing when
     * it is started.
     *
     * @throws dev.kairos.api.store.StoreException if the store cannot answer
     */
    public void start() {
        begin(true);
    }

    /** Becomes a node of the store without a provider: only {@link #tick}, {@link #fire} and {@link #runDue} fire. */
    public void join() {
        begin(false);
    }

    private void begin(boolean withProvider) {
        synchronized (lifecycle) {
            awaitStopped();
            if (isClosed) {
                throw new IllegalStateException("the runtime is closed; build a new one");
            }
            if (node != null) {
                return;
            }
            configuration.warnings().forEach(text -> LOG.warn("cron.config {}", text));
            configuration
                    .problems()
                    .forEach(problem -> LOG.error(
                            "cron.config {}; the standard value holds; expected: {}",
                            problem.getMessage(),
                            problem.accepted()));
            Node begun = new Node(parts, clock, home, configuration, store, deliveries, plugins);
            plugins.parts(); // now: no loop of the node is to wait for a plug-in's constructor
            deliveries.strays().forEach(text -> LOG.warn("cron.config {}", text));
            new ZoneDefaults(store).remember(defaultZone(), environment); // first: the store may refuse it
            begun.open();
            node = begun;
            try {
                mirror.ifPresent(MirrorKeeper::start);
                if (withProvider) {
                    begun.startProvider();
                    pluginKeeper = newPluginKeeper(begun);
                    pluginKeeper.start();
                } else {
                    begun.firesAsTold();
                }
            } catch (RuntimeException | Error trouble) { // or its lease would be renewed for a node that does nothing
                stop();
                throw trouble;
            }
        }
    }

    /**
     * One pass now, whoever pulls the trigger otherwise. Returns when the claims are committed, before the runs end.
     *
     * @throws IllegalStateException before {@link #start} or {@link #join}
     */
    public TickReport tick() {
        return begun().tick();
    }

    /**
     * Claims what of the job is due and starts it; what is due within 30 s starts at its instant. Answers why not otherwise.
     *
     * @throws IllegalStateException before {@link #start} or {@link #join}
     */
    public FireResult fire(String jobId) {
        return begun().fireFromOutside(FireRequest.of(jobId));
    }

    /**
     * Takes the request that waits of the job, or whatever else of it waits, and starts it here.
     *
     * @throws IllegalStateException before {@link #start} or {@link #join}
     */
    public FireResult runRequest(String jobId) {
        return begun().take(jobId);
    }

    /**
     * Passes until nothing that was due at the call is left, then waits for the runs and sends.
     *
     * @param atMost the bound of the whole; what is under way then goes on until {@link #stop}
     * @throws IllegalStateException before {@link #start} or {@link #join}
     */
    public DueWork runDue(Duration atMost) throws InterruptedException {
        return begun().runDue(atMost);
    }

    /** Ends the attempt if this process runs it. Answers whether it does. */
    public boolean cancel(String executionId) {
        Node current = node;
        return current != null && current.cancel(executionId);
    }

    /**
     * A person has signed in to the model entry again: agent jobs on it run again, and one-shots that were paused for it
     * run now.
     *
     * @return whether its gate was closed
     */
    public boolean signedIn(String modelEntry) {
        return new Gates(new WakingStore(store, this::wake), environment).signedIn(modelEntry);
    }

    /** The jobs that keep a zone which was the default before: a change of the setting moved none of them. */
    public List<Job> jobsOfFormerZones() {
        return new ZoneDefaults(store).left(defaultZone());
    }

    private ZoneId defaultZone() {
        return ScheduleZones.resolve(Optional.empty(), assembled.rules().zone(), environment.zone())
                .zone();
    }

    /** Whether this process is a child of a job's run, which changes no jobs unless it is allowed. */
    public boolean isWithinRun() {
        return parts.variables().containsKey("KAIROS_CRON_SESSION");
    }

    /** The model entries that wait for somebody to sign in. */
    public List<Gates.Closed> signedOut() {
        return new Gates(store, environment).closed();
    }

    /** Every provider that can be found on the class path and in JARs, usable or not. */
    public List<ProviderListing> providers() {
        return new ProviderResolver(environment, plugins).list();
    }

    /** Every plug-in on the class path and in the folders, usable or not. Looks at them when nothing did before. */
    public List<PluginListing> plugins() {
        return plugins.listings();
    }

    /**
     * Looks at the folders of plug-ins again: new JARs become usable, those that are gone or changed are withdrawn, and a
     * provider among them gives way to the one that is there now, or to the built-in ticker.
     *
     * @return every plug-in as it is now
     * @throws InterruptedException if the wait for a provider's end was interrupted
     */
    public List<PluginListing> reloadPlugins() throws InterruptedException {
        Set<ClassLoader> withdrawn = plugins.reload();
        Node current = node;
        if (current != null) {
            current.pluginsChanged(withdrawn);
        }
        return plugins.listings();
    }

    /**
     * Has the provider of the name pull the trigger from now on. It is asked first whether it is available; then the one in
     * use is stopped, this one armed, and what the other armed outside of the process taken back. Nothing is lost and
     * nothing doubled by it. The setting is not changed, so that the next start has what is configured.
     *
     * @return what came of it; refused where the provider cannot be used or nothing was started
     */
    public Handover switchProvider(String name) {
        Node current = node;
        return current == null
                ? Handover.refused("none", "nothing fires here: the runtime is not started")
                : current.handOver(present().asking(name), false);
    }

    /**
     * The configured provider without a start, for a process that does not fire by itself: so that what another process
     * arms outside can be brought in line with the store.
     *
     * @param name another provider's name, or empty for the configured one
     */
    public RestingProvider restingProvider(Optional<String> name) {
        Node unopened = new Node(parts, clock, home, configuration, store, deliveries, plugins);
        return unopened.resting(name.map(present()::asking).orElse(configuration));
    }

    private PresentConfiguration present() {
        return new PresentConfiguration(configuration, clock.machine().files());
    }

    private PluginKeeper newPluginKeeper(Node begun) {
        Environment machine = clock.machine();
        HeartbeatReader heartbeats = new HeartbeatReader(machine, home);
        return new PluginKeeper(
                environment,
                new PluginNotes(machine, home),
                new HandoverNotes(machine, home),
                new KeptNode(begun, plugins, present(), heartbeats, this::reloadPlugins));
    }

    /**
     * Where a scheduler outside calls in, for an HTTP server to mount; ask at each call, since the provider may be another
     * by then. What the provider throws there, or takes too long for, is answered without detail. Empty where the provider
     * in use takes no calls, or does not live.
     */
    public Optional<InboundEndpoint> inbound() {
        Node current = node;
        return current == null ? Optional.empty() : current.inbound();
    }

    /** Tells {@link #start started} nodes' heartbeat, and by it status and doctor, of an HTTP server of this process. */
    public void http(HttpNote note) {
        Node current = node;
        if (current != null) {
            current.http(note);
        }
    }

    /** Under which id the store knows this node now; empty before a start and after a stop. Asks nobody. */
    public Optional<String> node() {
        return Optional.ofNullable(node).map(Node::id);
    }

    /** How it is now. */
    public RuntimeStatus status() {
        Node current = node;
        Map<JobState, Integer> states = new EnumMap<>(JobState.class);
        store.jobs().each(job -> states.merge(job.engine().state(), 1, Integer::sum));
        int waiting = store.outbox()
                .list(Optional.empty(), EnumSet.of(EnvelopeState.PENDING, EnvelopeState.RETRY), 100_000)
                .size();
        int all = states.values().stream().mapToInt(Integer::intValue).sum();
        int completed = states.getOrDefault(JobState.COMPLETED, 0);
        int paused = states.getOrDefault(JobState.PAUSED, 0);
        int inError = states.getOrDefault(JobState.ERROR, 0);
        RuntimeStatus.Counts counts =
                new RuntimeStatus.Counts(all, all - completed - paused - inError, paused, completed, inError, waiting);
        return current == null ? Node.statusWhenStopped(configuration, counts) : current.status(counts);
    }

    /**
     * Stops firing: no new claims, the runs get 30 s, then the sends 15 s; what is left is ended and recorded. Idempotent;
     * a start may follow. Returns at once when another thread's stop is under way, so a run may ask for it then; a run
     * that asks first waits for its own end until those 30 s have passed.
     */
    public void stop() {
        Node leaving;
        @Nullable PluginKeeper keeper;
        synchronized (lifecycle) {
            Node current = node;
            if (current == null || isStopping) {
                return;
            }
            leaving = current;
            keeper = pluginKeeper;
            pluginKeeper = null;
            isStopping = true;
        }
        try {
            if (keeper != null) {
                keeper.endSoon();
            }
            leaving.close();
        } finally {
            unrecorded = leaving.unrecorded();
            node = null;
            try {
                if (keeper != null) {
                    keeper.stop();
                }
                mirror.ifPresent(MirrorKeeper::stop);
            } finally {
                synchronized (lifecycle) {
                    isStopping = false;
                    lifecycle.notifyAll();
                }
            }
        }
    }

    /** Called under the lock, which it gives up while it waits; a stop ends within its bounds. */
    private void awaitStopped() {
        boolean wasInterrupted = false;
        while (isStopping) {
            try {
                lifecycle.wait();
            } catch (InterruptedException e) {
                wasInterrupted = true;
            }
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** {@link #stop}, then closes the store unless it was given. Idempotent and final. */
    @Override
    public void close() {
        boolean wasNeverStarted;
        synchronized (lifecycle) {
            if (isClosed) {
                return;
            }
            isClosed = true;
            wasNeverStarted = node == null;
        }
        if (wasNeverStarted) {
            mirror.ifPresent(MirrorKeeper::writeChanges);
        }
        stop();
        synchronized (lifecycle) {
            awaitStopped();
        }
        assembled.close();
    }

    /**
     * The ids of the executions that ran here when the last {@link #stop} came and whose outcome the store or the disk
     * refused until its end: the next node that starts closes them as unknown. Empty before a stop, and after a clean one.
     */
    public List<String> unrecorded() {
        return unrecorded;
    }

    private Node begun() {
        Node current = node;
        if (current == null) {
            throw new IllegalStateException("the runtime is not started; call start() or join() first");
        }
        return current;
    }

    private void wake() {
        Node current = node;
        if (current != null) {
            current.wake();
        }
    }

    private void readClockAgain() {
        try {
            clock.measureIfOlderThan(CLOCK_IS_STALE);
        } catch (StoreException e) {
            LOG.debug("cron.runtime the store's clock cannot be read; whatever is asked next says why", e);
        }
    }
}
