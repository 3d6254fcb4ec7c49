package dev.kairos.orchestrator.memory;

import dev.kairos.api.env.Environment;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.JobStoreFactory;
import java.nio.file.Path;

/** Opens an empty {@link MemoryStore} for the URL {@code memory:}. Status: experimental since 0.1. */
public final class MemoryStoreFactory implements JobStoreFactory {
    @Override
    public boolean accepts(String url) {
        return url.strip().equals("memory:");
    }

    @Override
    public JobStore open(String url, Path home, Environment environment) {
        return new MemoryStore(environment);
    }
}
