package dev.kairos.api.store;

import java.sql.Connection;
import java.util.List;
import java.util.Optional;

/**
 * Keeps jobs, executions, envelopes and nodes: five small faces. A plug-in implements it; it grows only by methods with a
 * default body.
 *
 * <p>A store keeps and excludes; it knows no policy. Every rule about misfires, overlap, retries or advances is the
 * host's, handed in as a function that the store calls inside its own transaction and whose {@link Amendment} it writes
 * whole or not at all. All methods may be called from any thread, block until the write is durable, and throw {@link
 * StoreException} when the store cannot answer.
 *
 * <p>Instants are kept to the millisecond: the host hands in none that is finer. Status: experimental since 0.1.
 */
public interface JobStore extends AutoCloseable {
    /** The jobs. */
    Jobs jobs();

    /** Claims and every other decision about a job. */
    Claims claims();

    /** The executions. */
    Ledger ledger();

    /** The envelopes. */
    Outbox outbox();

    /** The nodes and their leases. */
    Nodes nodes();

    /**
     * The same store inside the transaction that the application has open on a connection to the same database: what is
     * written through it becomes true with the application's commit, and never does with its rollback. A write that fails
     * is undone alone. The host hears of the change after the commit, as of another process's. It locks what it writes
     * until then: commit soon, and use it on the connection's own thread.
     *
     * @param connection with a transaction open (no auto-commit); it is neither committed nor closed here
     * @return empty if the store is no database that a connection leads to
     * @throws IllegalArgumentException if the connection commits by itself
     */
    default Optional<JobStore> within(Connection connection) {
        return Optional.empty();
    }

    /**
     * The store as it stands now, for reading: what is committed later is not seen in it. Close it soon; it holds a
     * connection.
     *
     * @return empty if the store can only be read as it changes
     */
    default Optional<JobStore> snapshot() {
        return Optional.empty();
    }

    /**
     * Looks for damage, at a cost that follows all that is stored; changes nothing.
     *
     * @return what is wrong, each a sentence; empty if nothing is
     */
    default List<String> check() {
        return List.of();
    }

    /**
     * Whether {@link Amendment#outputs()} and {@link Amendment#files()} are kept, so that nodes on other machines can read what was said on this one.
     * A store for one machine has no need to: there the output is a file, and it may leave aside what it is handed, or keep
     * that too, so that a copy holds what its deliveries need.
     */
    default boolean keepsOutputs() {
        return false;
    }

    /**
     * Where the store is, so that it is told from every copy of it. Processes that have the same store open should hear the same,
     * whatever their homes and whoever opened it first; one that reaches it another way, by another name of its server or another
     * path, may hear something else, and then nothing is ended. One that has a copy open must hear something else. Children of
     * runs find it in {@code KAIROS_STORE}; by that a peer knows what a dead node left running for this very store.
     *
     * <p>Everybody may read it: no path, name or credential is in it. A host asks again only until it was answered.
     *
     * @return 1 to 64 letters, digits, {@code .}, {@code _} and {@code -}; empty if the store cannot be told from a copy
     */
    default Optional<String> place() {
        return Optional.empty();
    }

    /**
     * Calls back soon after somebody, in whichever process, changed what is due: a hint that spares the host a wait until
     * its next look. It may come for nothing, and need not come at all.
     *
     * @param hint quick; runs on a thread of the store's
     * @return ends it; may be called more than once
     */
    default Runnable listen(Runnable hint) {
        return () -> {};
    }

    /** Closes connections and files. Idempotent. */
    @Override
    default void close() {}
}
