package dev.kairos.api.env;

import java.util.Objects;

/**
 * Who a node is, in terms that a reused process id cannot fake. Made with {@link #builder}; the constructor, which grows
 * with the components, is for this class alone.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param bootId the machine's boot id, or a stand-in where the machine has none
 * @param pidNamespace the process-id namespace, empty where unknown
 * @param pid the process id inside that namespace
 * @param startTicks the process's start in the kernel's raw ticks since boot, 0 where unknown
 * @param nonce random per start, letters and digits
 */
public record NodeIdentity(String bootId, String pidNamespace, long pid, long startTicks, String nonce) {
    public NodeIdentity {
        Objects.requireNonNull(bootId);
        Objects.requireNonNull(pidNamespace);
        Objects.requireNonNull(nonce);
    }

    /** A builder for a process whose namespace and start are unknown. */
    public static Builder builder(String bootId, long pid, String nonce) {
        return new Builder(bootId, pid, nonce);
    }

    /** The same process under another name. */
    public NodeIdentity withNonce(String other) {
        return new NodeIdentity(bootId, pidNamespace, pid, startTicks, other);
    }

    /** The id under which the store knows the node. */
    public String id() {
        return pid + "-" + nonce;
    }

    /** Collects an identity's parts. Not thread-safe. */
    public static final class Builder {
        private final String bootId;
        private final long pid;
        private final String nonce;
        private String pidNamespace = "";
        private long startTicks;

        private Builder(String bootId, long pid, String nonce) {
            this.bootId = bootId;
            this.pid = pid;
            this.nonce = nonce;
        }

        /** See {@link NodeIdentity#pidNamespace()}. */
        public Builder pidNamespace(String value) {
            pidNamespace = value;
            return this;
        }

        /** See {@link NodeIdentity#startTicks()}. */
        public Builder startTicks(long value) {
            startTicks = value;
            return this;
        }

        /** The identity. */
        public NodeIdentity build() {
            return new NodeIdentity(bootId, pidNamespace, pid, startTicks, nonce);
        }
    }
}
