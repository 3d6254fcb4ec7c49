package dev.kairos.testkit.sim.broken;

import dev.kairos.api.env.Environment;
import dev.kairos.api.env.NodeIdentity;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.Lease;
import dev.kairos.api.store.Nodes;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A lease is valid until an instant, by the clock of whoever looks. */
final class LeaseByWallClock extends PassingStore {
    private static final Duration LEASE = Duration.ofSeconds(10);

    private final Environment node;
    private final Map<String, Instant> validUntil;

    /** What one node sees; all of them share the instants. */
    LeaseByWallClock(JobStore sound, Environment node, Map<String, Instant> validUntil) {
        super(sound);
        this.node = node;
        this.validUntil = validUntil;
    }

    static Map<String, Instant> shared() {
        return new HashMap<>();
    }

    @Override
    public Nodes nodes() {
        return new PassingNodes(sound) {
            @Override
            public void join(NodeIdentity joining) {
                sound.join(joining);
                validUntil.put(joining.id(), node.now().plus(LEASE));
            }

            @Override
            public boolean renew(String id) {
                validUntil.put(id, node.now().plus(LEASE));
                return sound.renew(id);
            }

            @Override
            public List<Lease> leases() {
                Instant now = node.now();
                return sound.leases().stream()
                        .filter(lease -> validUntil
                                .getOrDefault(lease.node().id(), Instant.MAX)
                                .isAfter(now))
                        .toList();
            }
        };
    }
}
