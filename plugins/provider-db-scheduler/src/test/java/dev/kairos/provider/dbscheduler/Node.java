package dev.kairos.provider.dbscheduler;

import dev.kairos.api.StopSignal;
import dev.kairos.builtin.system.SystemEnvironment;
import dev.kairos.testkit.MapSettings;
import dev.kairos.testkit.RecordingCronContext;
import java.time.Duration;
import java.util.Map;

/** A provider bound to a host that remembers what it is asked. */
record Node(DbSchedulerProvider provider, RecordingCronContext host) implements AutoCloseable {
    static Node with(Map<String, String> settings) {
        RecordingCronContext host =
                new RecordingCronContext(new SystemEnvironment(), Duration.ofSeconds(60), MapSettings.of(settings));
        DbSchedulerProvider provider = new DbSchedulerProvider();
        provider.bind(host);
        return new Node(provider, host);
    }

    static Map<String, String> settingsOf(String url) {
        return Map.of("url", url, "user", "postgres", "polling_interval", "PT0.2S");
    }

    static Node at(String url) {
        return with(settingsOf(url));
    }

    Node start() throws Exception {
        provider.start(new Never());
        return this;
    }

    boolean hasFired(String jobId) {
        return host.calls().stream().anyMatch(call -> call.fired().contains(jobId));
    }

    @Override
    public void close() {
        provider.stop();
    }

    /** Raised by nobody: these tests stop the provider themselves. */
    private static final class Never implements StopSignal {
        @Override
        public boolean isRaised() {
            return false;
        }

        @Override
        public boolean await(Duration atMost) {
            throw new UnsupportedOperationException("its start does not block");
        }

        @Override
        public void onRaise(Runnable action) {}
    }
}
