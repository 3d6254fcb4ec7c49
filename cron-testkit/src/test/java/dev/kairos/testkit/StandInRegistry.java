package dev.kairos.testkit;

import java.io.Closeable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A registry in memory, with one entry of somebody else. */
final class StandInRegistry implements OutsideRegistry {
    private final Map<String, Instant> entries = new ConcurrentSkipListMap<>();
    private final List<String> foreign = new CopyOnWriteArrayList<>(List.of("somebody else's"));
    private volatile String refused = "";
    private volatile boolean isHanging;

    void clear() {
        entries.clear();
        foreign.clear();
    }

    @Override
    public Map<String, Instant> armed() {
        return new TreeMap<>(entries);
    }

    @Override
    public void arm(String jobId, Instant at) throws InterruptedException {
        if (jobId.equals(refused)) {
            throw new IllegalStateException("refused: " + jobId);
        }
        if (isHanging) {
            new RealTimeEnvironment().sleep(Duration.ofSeconds(20));
        }
        entries.put(jobId, at);
    }

    void armStubbornly(String jobId, Instant at) throws InterruptedException {
        arm(jobId, at);
    }

    @Override
    public void cancel(String jobId) {
        entries.remove(jobId);
    }

    @Override
    public List<String> foreign() {
        return List.copyOf(foreign);
    }

    @Override
    public Optional<Closeable> refusing(String jobId) {
        refused = jobId;
        return Optional.of(() -> refused = "");
    }

    @Override
    public Optional<Closeable> hanging() {
        isHanging = true;
        return Optional.of(() -> isHanging = false);
    }
}
