package dev.kairos.api.env;

import java.util.Objects;

/**
 * Who a node is, in terms that a reused process id cannot fake.
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

    /** The id under which the store knows the node. */
    public String id() {
        return pid + "-" + nonce;
    }
}
