package dev.kairos.orchestrator.health;

import dev.kairos.api.DurationText;
import dev.kairos.api.env.Environment;
import dev.kairos.api.env.NodeIdentity;
import dev.kairos.api.store.NodeNote;
import dev.kairos.orchestrator.health.NodeHealth.Condition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Judges the heartbeats of a home. Reading changes nothing. Thread-safe. Status: internal. */
public final class HeartbeatReader {
    private static final String ENDING = ".json";
    private static final String NOTHING = "none";
    private static final String IDLE = "the provider is none: nothing fires by itself";
    private static final Duration PATIENCE = Duration.ofSeconds(200);
    private static final Duration SLACK = Duration.ofSeconds(20);

    private final Environment environment;
    private final Path folder;

    /** Reads the heartbeats of the home. */
    public HeartbeatReader(Environment environment, Path home) {
        this.environment = environment;
        this.folder = Heartbeat.folder(home);
    }

    /**
     * How every node is that has a heartbeat, by node id.
     *
     * @throws IOException if the folder cannot be read
     */
    public List<NodeHealth> all() throws IOException {
        List<NodeHealth> found = new ArrayList<>();
        for (Path file : environment.files().list(folder)) {
            String name = file.getFileName().toString();
            if (name.endsWith(ENDING) && !name.startsWith(".")) {
                found.add(of(name.substring(0, name.length() - ENDING.length())));
            }
        }
        return found;
    }

    /**
     * Those of all that stand still: their process on this machine was stopped from outside. One of them may be no member of
     * any store: another node took that away when its lease stood still too, and it joins anew when it goes on.
     *
     * @throws IOException if the folder cannot be read
     */
    public List<NodeHealth> standingStill() throws IOException {
        return all().stream().filter(NodeHealth::isStopped).toList();
    }

    /** Whether the node has a heartbeat, readable or not: only what fires by itself writes one. */
    public boolean isThere(String node) {
        try {
            return environment.files().modifiedAt(folder.resolve(node + ENDING)).isPresent();
        } catch (IOException unreadable) {
            return true;
        }
    }

    /**
     * How one node is, by its heartbeat and, where this machine can see it, by its process: one that was stopped from
     * outside still looks alive by its last beat.
     */
    public NodeHealth of(NodeIdentity node) {
        return asItsProcessIs(node, of(node.id()));
    }

    private NodeHealth asItsProcessIs(NodeIdentity node, NodeHealth told) {
        switch (environment.nodeProbe().livenessOf(node)) {
            case STOPPED:
                return of(
                        told,
                        node.pid(),
                        Condition.STOPPED,
                        "its process stands still, stopped by a signal or a debugger; let it go on: kill -CONT "
                                + node.pid() + ", or restart the daemon");
            case DEAD:
                return of(
                        told,
                        node.pid(),
                        Condition.STALLED,
                        "its process (pid " + node.pid() + ") has ended; start the daemon again: kairos serve");
            default:
                return told;
        }
    }

    private static NodeHealth of(NodeHealth told, long pid, Condition condition, String advice) {
        return new NodeHealth(
                told.node(),
                told.place(),
                condition,
                Optional.of(pid),
                told.provider(),
                told.alive(),
                told.lastClean(),
                told.error(),
                told.notes(),
                advice);
    }

    /**
     * How a node is whose home is another, perhaps on another machine: by what it told the store, in place of a heartbeat.
     *
     * @param note what it said; its age and not its own clock tells when
     */
    public NodeHealth of(NodeIdentity node, NodeNote note) {
        NodeHealth told = HeartbeatFile.parse(note.text().getBytes(StandardCharsets.UTF_8))
                .map(beat -> {
                    Instant said = environment.now().minus(note.age());
                    return judge(node.id(), beat.later(Duration.between(beat.alive(), said)));
                })
                .orElseGet(() ->
                        unknown(node.id(), "what it says of itself is not understood here; see its own kairos status"));
        return asItsProcessIs(node, told);
    }

    /** How a node is that has no heartbeat in this home and says nothing in the store either. */
    public NodeHealth ofSilent(NodeIdentity node) {
        return asItsProcessIs(
                node,
                unknown(
                        node.id(),
                        "it says nothing of itself: it has just begun, or is of an older version; see its own kairos status"));
    }

    /** How one node is. A missing or unreadable heartbeat means unknown, not dead. */
    public NodeHealth of(String node) {
        Path file = folder.resolve(node + ENDING);
        try {
            Optional<byte[]> content = environment.files().read(file);
            if (content.isEmpty()) {
                return unknown(node, "it has written no heartbeat; see whether the daemon runs: kairos serve");
            }
            return HeartbeatFile.parse(content.get())
                    .map(beat -> asItsProcessIs(beat.process(), judge(node, beat)))
                    .orElseGet(() -> unknown(
                            node,
                            "its heartbeat is damaged; a living node mends it at its next pass, else" + " delete "
                                    + file));
        } catch (IOException unreadable) {
            return unknown(
                    node,
                    "its heartbeat cannot be read (" + unreadable.getMessage() + "); check the owner of " + folder);
        }
    }

    /** How long a node may be silent, or without a clean pass. */
    static Duration patience(Duration interval) {
        Duration three = interval.multipliedBy(3).plus(SLACK);
        return three.compareTo(PATIENCE) > 0 ? three : PATIENCE;
    }

    private NodeHealth judge(String node, HeartbeatFile beat) {
        if (beat.provider().equals(NOTHING)) { // it makes no passes, so that its beat is never renewed
            return health(node, beat, beat.isStopping() ? Condition.STOPPING : Condition.IDLE, IDLE);
        }
        // Whole seconds, as they are on disk: a part of a second must not make a beat look old or from the future.
        Instant now = environment.now().truncatedTo(ChronoUnit.SECONDS);
        Duration silent = Duration.between(beat.alive(), now);
        Duration unclean = Duration.between(beat.lastClean().orElse(beat.started()), now);
        Duration patience = patience(beat.interval());
        String who = beat.pid() > 0 ? "the daemon (pid " + beat.pid() + onHost(beat.place()) + ")" : "the daemon";
        if (silent.compareTo(patience.negated()) < 0) {
            return health(
                    node,
                    beat,
                    Condition.UNKNOWN,
                    "its heartbeat lies " + text(silent.negated()) + " in the future; check the machine's clock");
        }
        if (silent.compareTo(patience) > 0) {
            return health(node, beat, Condition.STALLED, "no sign of life for " + text(silent) + "; restart " + who);
        }
        if (beat.isStopping()) {
            return health(
                    node,
                    beat,
                    Condition.STOPPING,
                    "it was asked to end and claims nothing more; another fires after: kairos serve");
        }
        if (unclean.compareTo(patience) > 0) {
            return health(
                    node,
                    beat,
                    Condition.FAILING,
                    "it lives but has made no clean pass for " + text(unclean) + "; see its log"
                            + beat.error().map(error -> ": " + error).orElse(""));
        }
        return health(node, beat, Condition.ALIVE, "");
    }

    private String onHost(NodePlace place) {
        return place.host()
                .filter(host -> !environment.nodeProbe().host().equals(Optional.of(host)))
                .map(host -> " on " + host)
                .orElse("");
    }

    private static String text(Duration duration) {
        return DurationText.format(Duration.ofSeconds(duration.toSeconds()));
    }

    private static NodeHealth health(String node, HeartbeatFile beat, Condition condition, String advice) {
        return new NodeHealth(
                node,
                beat.place(),
                condition,
                Optional.of(beat.pid()).filter(pid -> pid > 0),
                Optional.of(beat.provider()).filter(provider -> !provider.isEmpty()),
                Optional.of(beat.alive()).filter(at -> !beat.provider().equals(NOTHING)),
                beat.lastClean(),
                beat.error(),
                beat.notes(),
                advice);
    }

    private static NodeHealth unknown(String node, String advice) {
        return new NodeHealth(
                node,
                NodePlace.UNKNOWN,
                Condition.UNKNOWN,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                NodeNotes.NONE,
                advice);
    }
}
