package dev.kairos.testkit.sim;

import dev.kairos.api.env.NodeIdentity;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Who was a member and when its lease last moved, by true time: nobody who lives and renews is expelled, nor
 * for a time in which the store was silent for everybody.
 */
final class Members {
    /** A beat must stand still this long before the node is called dead (architecture.md §6). */
    private static final Duration EXPIRY = Duration.ofSeconds(10);

    /** What the first look after a silence adds to how long a beat stood still. */
    private static final Duration LOOK = Duration.ofSeconds(4);

    private final SimWorld world;
    private final Map<String, Seen> members = new HashMap<>();
    private final Map<String, Long> lastMoved = new HashMap<>();

    private record Seen(SimProcess process, long renewedAt) {}

    Members(SimWorld world) {
        this.world = world;
    }

    /** When the node last joined or renewed its lease, by true uptime in milliseconds. */
    long lastMoved(String node) {
        return lastMoved.getOrDefault(node, 0L);
    }

    void moved(SimProcess process, String what, Object[] arguments, long now, Consumer<String> violation) {
        String id = arguments[0] instanceof NodeIdentity identity ? identity.id() : (String) arguments[0];
        switch (what) {
            case "Nodes.join" -> {
                members.putIfAbsent(id, new Seen(process, now));
                lastMoved.put(id, now);
            }
            case "Nodes.renew" -> {
                members.put(id, new Seen(process, now));
                lastMoved.put(id, now);
            }
            case "Nodes.expel" -> {
                Seen seen = members.remove(id);
                long stoodStill = seen == null
                        ? 0
                        : now - seen.renewedAt() - world.unseenSince(seen.renewedAt(), LOOK.toMillis());
                if (seen != null && !seen.process().isDead && stoodStill < EXPIRY.toMillis()) {
                    violation.accept(process.name + " expels " + seen.process().name + ", which renewed its lease "
                            + (now - seen.renewedAt()) + " ms before, seen for " + stoodStill + " ms");
                }
            }
            default -> members.remove(id);
        }
    }
}
