package dev.kairos.app;

import dev.kairos.api.env.Environment;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.JobStoreFactory;
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
        return new ForwardingStore(STORES.computeIfAbsent(home, folder -> new MemoryStore(environment)));
    }
}
