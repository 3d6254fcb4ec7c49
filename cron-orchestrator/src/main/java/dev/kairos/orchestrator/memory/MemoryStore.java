package dev.kairos.orchestrator.memory;

import dev.kairos.api.env.Environment;
import dev.kairos.api.store.Claims;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.Jobs;
import dev.kairos.api.store.Ledger;
import dev.kairos.api.store.Nodes;
import dev.kairos.api.store.Outbox;
import java.util.HexFormat;

/**
 * Keeps everything in the memory of this process: for tests, and for embedding without durability. Transactions are
 * exclusive and undone whole when a decision throws. What it keeps is gone with the object.
 *
 * <p>Status: experimental since 0.1.
 */
public final class MemoryStore implements JobStore {
    private final Transactions transactions;
    private final Jobs jobs;
    private final Claims claims;
    private final Ledger ledger;
    private final Outbox outbox;
    private final Nodes nodes;

    /** An empty store whose id is drawn from the environment. */
    public MemoryStore(Environment environment) {
        this(HexFormat.of().toHexDigits(environment.random().nextLong()));
    }

    /** An empty store with the given id. */
    public MemoryStore(String storeId) {
        MemoryState state = new MemoryState();
        transactions = new Transactions(state);
        jobs = new MemoryJobs(storeId, transactions);
        claims = new MemoryClaims(transactions);
        ledger = new MemoryLedger(transactions);
        outbox = new MemoryOutbox(transactions);
        nodes = new MemoryNodes(transactions);
    }

    @Override
    public Jobs jobs() {
        return jobs;
    }

    @Override
    public Claims claims() {
        return claims;
    }

    @Override
    public Ledger ledger() {
        return ledger;
    }

    @Override
    public Outbox outbox() {
        return outbox;
    }

    @Override
    public Nodes nodes() {
        return nodes;
    }

    @Override
    public void close() {
        transactions.close();
    }
}
