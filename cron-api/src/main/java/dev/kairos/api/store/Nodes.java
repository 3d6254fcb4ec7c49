package dev.kairos.api.store;

import dev.kairos.api.env.NodeIdentity;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The face of a store that keeps the nodes and their leases. Status: experimental since 0.1. */
public interface Nodes {
    /** Makes the node a live member; its id is {@link NodeIdentity#id()}. Joining twice is joining once. */
    void join(NodeIdentity node);

    /**
     * Renews the node's lease: its beat grows by one.
     *
     * @return false if the node is no member any more: its epoch is gone and it must stop its runs
     */
    boolean renew(String node);

    /** All members with their beats, ordered by id. */
    List<Lease> leases();

    /**
     * Takes membership away if the beat is still the one the observer saw: from then on the node can claim nothing. What the
     * node is just claiming is waited for by nobody: the observer asks again at its next look.
     *
     * @return whether it was taken away by this call
     */
    boolean expel(String node, long seenBeat);

    /** Ends the node's own membership. Idempotent. */
    void leave(String node);

    /**
     * What the store's own clock shows, read while this call is under way: nodes on several machines that share a store
     * judge by it, and not each by its own. The host asks after each renewal, and takes the middle of the call for the
     * moment at which it was read; quick, and never behind other work of this process.
     *
     * @return to the millisecond; empty if the store has no clock but the machine's
     */
    default Optional<Instant> clock() {
        return Optional.empty();
    }
}
