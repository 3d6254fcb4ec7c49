package dev.kairos.app;

import dev.kairos.api.store.Claims;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.Jobs;
import dev.kairos.api.store.Ledger;
import dev.kairos.api.store.Nodes;
import dev.kairos.api.store.Outbox;

/** A store that hands everything on to another, which it does not close. */
class ForwardingStore implements JobStore {
    final JobStore store;

    ForwardingStore(JobStore store) {
        this.store = store;
    }

    @Override
    public Jobs jobs() {
        return store.jobs();
    }

    @Override
    public Claims claims() {
        return store.claims();
    }

    @Override
    public Ledger ledger() {
        return store.ledger();
    }

    @Override
    public Outbox outbox() {
        return store.outbox();
    }

    @Override
    public Nodes nodes() {
        return store.nodes();
    }

    @Override
    public boolean keepsOutputs() {
        return store.keepsOutputs();
    }
}
