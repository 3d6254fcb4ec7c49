package dev.kairos.app;

import dev.kairos.api.env.Environment;
import dev.kairos.api.store.Claims;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.JobStoreFactory;
import dev.kairos.api.store.Jobs;
import dev.kairos.api.store.Ledger;
import dev.kairos.api.store.Nodes;
import dev.kairos.api.store.Outbox;
import dev.kairos.orchestrator.memory.MemoryStore;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One memory store for each home, which outlives the commands of a test. */
public final class SharedMemoryStores implements JobStoreFactory {
    static final String URL = "shared-memory:";

    private static final Map<Path, MemoryStore> STORES = new ConcurrentHashMap<>();

    @Override
    public boolean accepts(String url) {
        return url.equals(URL);
    }

    @Override
    public JobStore open(String url, Path home, Environment environment) {
        return new StaysOpen(STORES.computeIfAbsent(home, folder -> new MemoryStore(environment)));
    }

    private record StaysOpen(MemoryStore store) implements JobStore {
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
    }
}
