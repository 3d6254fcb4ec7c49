package dev.kairos.orchestrator.health;

import dev.kairos.api.env.Environment;
import dev.kairos.api.store.Nodes;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes this node's heartbeat, {@code cron/nodes/<nodeId>.json}: before the first wait and after each pass.
 *
 * <p>Best effort: whatever goes wrong is logged, rarely, and never reaches the caller. Thread-safe. Status: internal.
 */
public final class Heartbeat {
    private static final Logger LOG = LoggerFactory.getLogger("cron.heartbeat");
    private static final Duration SAY_AGAIN = Duration.ofMinutes(10);
    private static final Duration FORGET = Duration.ofDays(7);
    /** How often the store is told what says nothing new: much less than a silent node is given. */
    private static final Duration SHARE_AGAIN = Duration.ofSeconds(20);

    private final Environment environment;
    private final Path folder;
    private final NodePlace place;
    private final Supplier<String> node;
    private Path file;
    private final Duration interval;
    private final Instant started;
    private String provider;
    private volatile Supplier<NodeNotes> notes = () -> NodeNotes.NONE;
    private final AtomicLong turns = new AtomicLong();
    private NodeNotes said = NodeNotes.NONE;
    private long saidIn;
    private Optional<Instant> lastClean = Optional.empty();
    private Optional<Instant> lastError = Optional.empty();
    private Optional<String> error = Optional.empty();
    private Optional<Duration> complainedAt = Optional.empty();
    private int failedWrites;
    private boolean isStopping;
    private volatile boolean isStopped;
    private volatile Optional<HeartbeatFile> latest = Optional.empty();
    /** Owned by {@link #share}. */
    private Optional<HeartbeatFile> shared = Optional.empty();

    private Duration sharedAt = Duration.ZERO;

    /**
     * The heartbeat of this process's node.
     *
     * @param node the id under which the store knows the node now; another one after a loss of its lease
     * @param provider the name of the provider in use
     * @param interval the longest time between two passes
     */
    public Heartbeat(Environment environment, Path home, Supplier<String> node, String provider, Duration interval) {
        this.environment = environment;
        this.folder = folder(home);
        this.place = new NodePlace(
                environment.nodeProbe().host(),
                Optional.of(home.toAbsolutePath().normalize().toString()));
        this.node = node;
        this.file = folder.resolve(node.get() + ".json");
        this.provider = Objects.requireNonNull(provider);
        this.interval = interval;
        this.started = environment.now();
    }

    static Path folder(Path home) {
        return home.resolve("cron").resolve("nodes");
    }

    /** The node lives and has not made a pass yet; also forgets heartbeats that nobody has renewed for a week. */
    public void starting() {
        beat(this::forgetOld);
    }

    /** A pass ended without trouble. */
    public void clean() {
        beat(() -> {
            lastClean = Optional.of(environment.now());
            error = Optional.empty();
        });
    }

    /**
     * A pass ended with trouble.
     *
     * @param what for people, redacted
     */
    public void failed(String what) {
        beat(() -> {
            lastError = Optional.of(environment.now());
            error = Optional.of(what);
        });
    }

    /**
     * The node was asked to end and claims nothing more; until it has ended each beat says so. What the node says of
     * itself stays what it was: who ends waits for nobody.
     */
    public synchronized void stopping() {
        isStopping = true;
        write();
    }

    /** What the node says of itself is another since the last beat, and should not wait for the next. */
    public void noted() {
        beat(() -> {});
    }

    /** Another provider is in use from now on. */
    public void provider(String name) {
        beat(() -> provider = name);
    }

    /** What the node says of itself, asked at each beat; it may throw, and take its time. */
    public void notes(Supplier<NodeNotes> source) {
        notes = Objects.requireNonNull(source);
    }

    /**
     * Tells the store the latest beat, for those who share it and do not see this home; one that says nothing new seldom.
     * Asks the store, and waits for no disk: for one thread that may wait for the store.
     *
     * @throws dev.kairos.api.store.StoreException if the store does not take it; it is told again with the next call
     */
    public void share(Nodes nodes) {
        Optional<HeartbeatFile> told = latest;
        if (isStopped || told.isEmpty() || told.equals(shared) || !isToBeShared(told.get())) {
            return;
        }
        nodes.note(told.get().node(), told.get().toText());
        shared = told;
        sharedAt = environment.uptime();
    }

    private boolean isToBeShared(HeartbeatFile told) {
        return shared.filter(told::saysAs).isEmpty()
                || environment.uptime().minus(sharedAt).compareTo(SHARE_AGAIN) >= 0;
    }

    /** The node stops in good order: its heartbeat goes with it. */
    public synchronized void stopped() {
        isStopped = true;
        attempt("delete", () -> environment.files().delete(file));
    }

    /** The node is asked before the lock is taken, since it may ask the store; the latest who asked is believed. */
    private void beat(Runnable change) {
        long turn = turns.incrementAndGet();
        NodeNotes fresh = asked();
        synchronized (this) {
            change.run();
            if (turn > saidIn) {
                saidIn = turn;
                said = fresh;
            }
            write();
        }
    }

    private void write() {
        if (isStopped) {
            return;
        }
        String id = node.get();
        Path present = folder.resolve(id + ".json");
        if (!present.equals(file)) {
            Path former = file;
            attempt("delete", () -> environment.files().delete(former));
            file = present;
        }
        HeartbeatFile content = new HeartbeatFile(
                id,
                place,
                environment.nodeProbe().self(),
                provider,
                interval,
                started,
                environment.now(),
                lastClean,
                lastError,
                error,
                isStopping,
                said);
        latest = Optional.of(content);
        attempt("write", () -> environment.files().replaceQuickly(file, content.toJson()));
    }

    private NodeNotes asked() {
        try {
            return notes.get();
        } catch (RuntimeException trouble) { // a store that does not answer: the beat itself matters more
            LOG.debug("cron.heartbeat says nothing beside its beat", trouble);
            return NodeNotes.NONE;
        }
    }

    private void forgetOld() {
        attempt("forget", () -> {
            Instant oldest = environment.now().minus(FORGET);
            for (Path other : environment.files().list(file.resolveSibling(""))) {
                boolean isOld = environment
                        .files()
                        .modifiedAt(other)
                        .filter(oldest::isAfter)
                        .isPresent();
                if (isOld && other.toString().endsWith(".json")) {
                    environment.files().delete(other);
                }
            }
        });
    }

    private interface Step {
        void run() throws Exception;
    }

    private void attempt(String what, Step step) {
        try {
            step.run();
            if (failedWrites > 0) {
                LOG.info("cron.heartbeat works again after failures={}", failedWrites);
            }
            failedWrites = 0;
            complainedAt = Optional.empty();
        } catch (Exception trouble) {
            failedWrites++;
            complain(what, trouble);
        }
    }

    private void complain(String what, Exception trouble) {
        Duration now = environment.uptime();
        if (complainedAt.isEmpty() || now.minus(complainedAt.get()).compareTo(SAY_AGAIN) >= 0) {
            complainedAt = Optional.of(now);
            LOG.warn(
                    "cron.heartbeat cannot {} file={} failures={} firing goes on; check the folder's owner and the free"
                            + " space",
                    what,
                    file,
                    failedWrites,
                    trouble);
        }
    }
}
