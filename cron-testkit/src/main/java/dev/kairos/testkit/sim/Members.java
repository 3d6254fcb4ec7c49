package dev.kairos.testkit.sim;

import dev.kairos.api.env.NodeIdentity;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Who was a member and when its lease last moved, by true time: nobody who lives and renews is expelled. */
final class Members {
    /** A beat must stand still this long before the node is called dead (architecture.md §6). */
    private static final Duration EXPIRY = Duration.ofSeconds(10);

    private final Map<String, Seen> members = new HashMap<>();

    private record Seen(SimProcess process, long renewedAt) {}

    void moved(SimProcess process, String what, Object[] arguments, long now, Consumer<String> violation) {
        String id = arguments[0] instanceof NodeIdentity identity ? identity.id() : (String) arguments[0];
        switch (what) {
            case "Nodes.join" -> members.putIfAbsent(id, new Seen(process, now));
            case "Nodes.renew" -> members.put(id, new Seen(process, now));
            case "Nodes.expel" -> {
                Seen seen = members.remove(id);
                if (seen != null && !seen.process().isDead && now - seen.renewedAt() < EXPIRY.toMillis()) {
                    violation.accept(process.name + " expels " + seen.process().name + ", which renewed its lease "
                            + (now - seen.renewedAt()) + " ms before");
                }
            }
            default -> members.remove(id);
        }
    }
}
