package dev.kairos.store.jdbc;

import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.JobStoreFactory;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Opens stores for tests, each on a file of its own. */
final class Stores {
    private static final AtomicInteger LAST = new AtomicInteger();
    private static final Map<JobStore, Path> FILES = new ConcurrentHashMap<>();

    private Stores() {}

    static JobStore fresh(Path folder) {
        return at(folder.resolve("state-" + LAST.incrementAndGet() + ".db"));
    }

    /** The store that a URL names, on whichever database. */
    static JobStore at(String url) {
        return ServiceLoader.load(JobStoreFactory.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(factory -> factory.accepts(url))
                .findFirst()
                .orElseThrow()
                .open(url, Path.of("/"), new RealTime());
    }

    static JobStore at(Path file) {
        JobStore store = new SqliteStoreFactory().open("jdbc:sqlite:" + file, Path.of("/"), new RealTime());
        FILES.put(store, file);
        return store;
    }

    static JobStore beside(JobStore first) {
        return at(FILES.get(first));
    }
}
