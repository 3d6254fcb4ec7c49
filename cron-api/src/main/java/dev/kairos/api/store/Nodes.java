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
     * Keeps what the node says of itself, in place of what it said before, for as long as it is a member; of one that is none
     * nothing is kept. So whoever shares the store, on whichever machine, knows how the node is and what it can run. The
     * default keeps nothing: for a store of one process.
     *
     * @param text at most some 1,000,000 characters, and mostly few
     */
    default void note(String node, String text) {}

    /** What members say of themselves; those that say nothing are left out. The default knows nothing. */
    default List<NodeNote> notes() {
        return List.of();
    }

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
