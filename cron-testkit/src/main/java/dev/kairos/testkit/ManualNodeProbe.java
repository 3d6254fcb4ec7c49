package dev.kairos.testkit;

import dev.kairos.api.env.NodeIdentity;
import dev.kairos.api.env.NodeProbe;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Answers what a test told it; of nodes it was told nothing about it knows nothing. Status: experimental since 0.1. */
public final class ManualNodeProbe implements NodeProbe {
    private final Map<String, Liveness> told = new ConcurrentHashMap<>();
    private volatile NodeIdentity self;

    ManualNodeProbe(NodeIdentity self) {
        this.self = self;
    }

    /** Sets this node's identity. */
    public void self(NodeIdentity identity) {
        self = identity;
    }

    /** Sets the answer for the node. */
    public void liveness(NodeIdentity node, Liveness answer) {
        told.put(node.id(), answer);
    }

    @Override
    public NodeIdentity self() {
        return self;
    }

    @Override
    public Liveness livenessOf(NodeIdentity node) {
        return told.getOrDefault(node.id(), node.equals(self) ? Liveness.ALIVE : Liveness.UNKNOWN);
    }
}
