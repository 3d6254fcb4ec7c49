package dev.kairos.api.env;

import java.util.Optional;

/** Knows this node and can ask after another one. Status: experimental since 0.1. */
public interface NodeProbe {
    /** What can be said of another node without waiting for its lease. */
    enum Liveness {
        /** Its process was found, with the same start. */
        ALIVE,
        /** The same, and it stands still: stopped by a signal or a debugger. Its lease runs on. */
        STOPPED,
        /** Same boot and namespace as ours, and no such process. */
        DEAD,
        /** Another machine, boot or namespace: only its lease can tell. */
        UNKNOWN
    }

    /** This process's identity; the same for the life of the process. */
    NodeIdentity self();

    /** The name of this machine, for people; empty where it is not known, as by default. */
    default Optional<String> host() {
        return Optional.empty();
    }

    /** Whether the named node's process lives. Opens no connection; never throws. */
    Liveness livenessOf(NodeIdentity node);
}
