package dev.kairos.orchestrator.health;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kairos.api.env.Environment;
import dev.kairos.api.store.NodeNote;
import dev.kairos.api.store.Nodes;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * What a node says of itself in the store that fires only what it is told to, and has no heartbeat: a command. Nothing else
 * tells one from a daemon of another home, which may be of a version that says nothing.
 *
 * <p>Thread-safe. Status: internal.
 */
public final class CommandNote {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KEY = "command";

    /** A store keeps nothing of a node that is about to join, and does not say so. */
    private static final Duration AGAIN = Duration.ofSeconds(20);

    private final Environment environment;
    private final Supplier<String> node;
    private String told = "";
    private Duration toldAt = Duration.ZERO;

    /**
     * The note of this process's node.
     *
     * @param node the id under which the store knows the node now; another one after a loss of its lease
     */
    public CommandNote(Environment environment, Supplier<String> node) {
        this.environment = Objects.requireNonNull(environment);
        this.node = Objects.requireNonNull(node);
    }

    /**
     * Tells the store: at once under a new id, and now and then.
     *
     * @throws dev.kairos.api.store.StoreException if the store does not take it; it is told again with the next call
     */
    public synchronized void share(Nodes nodes) {
        String id = node.get();
        Duration now = environment.uptime();
        if (!id.equals(told) || now.minus(toldAt).compareTo(AGAIN) >= 0) {
            nodes.note(id, JSON.createObjectNode().put(KEY, true).toString());
            told = id;
            toldAt = now;
        }
    }

    /** Whether a command says this. */
    public static boolean is(NodeNote note) {
        try {
            JsonNode tree = JSON.readTree(note.text());
            return tree.path(KEY).asBoolean(false);
        } catch (IOException other) {
            return false;
        }
    }
}
