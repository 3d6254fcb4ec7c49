package dev.kairos.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.DesiredTrigger;
import dev.kairos.api.FireRequest;
import dev.kairos.api.FireResult;
import dev.kairos.api.TickReport;
import dev.kairos.orchestrator.Unfired;
import dev.kairos.orchestrator.delivery.Redactor;
import dev.kairos.orchestrator.health.Heartbeat;
import dev.kairos.testkit.ManualEnvironment;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PassLogTest {
    private final ManualEnvironment environment = new ManualEnvironment(Instant.parse("2027-01-15T08:00:00Z"));
    private final List<String> told = new ArrayList<>();
    private boolean mayStart = true;

    @TempDir
    private Path home;

    private final class TellingCore implements FiringCore {
        @Override
        public FireResult fire(FireRequest request, String source) {
            return new FireResult.NotClaimed(FireResult.Reason.NOT_DUE, Optional.empty());
        }

        @Override
        public TickReport tick() {
            return new TickReport(environment.now(), List.of(), 0, 0, 0, false, Optional.empty());
        }

        @Override
        public List<DesiredTrigger> desiredTriggers() {
            return List.of();
        }

        @Override
        public Optional<Instant> waitingDueAt() {
            return Optional.empty();
        }

        @Override
        public Optional<Instant> nextWakeAt() {
            return Optional.empty();
        }

        @Override
        public TickReport passOfWhatWaits() {
            return tick();
        }

        @Override
        public TickReport passOfOverdue(Instant dueBy, Predicate<String> isSpared, Optional<Instant> excusedSince) {
            return tick();
        }

        @Override
        public Optional<List<Unfired>> unfired(int most) {
            return Optional.empty();
        }

        @Override
        public Optional<Instant> wakeAt() {
            return Optional.empty();
        }

        @Override
        public Optional<Instant> lastDueAt(String jobId) {
            return Optional.empty();
        }

        @Override
        public boolean mayStart() {
            return mayStart;
        }

        @Override
        public void publish(String name, String... details) {
            told.add(name + " " + String.join("=", details));
        }

        @Override
        public void publishWarning(String name, String... details) {
            publish(name, details);
        }
    }

    @Test
    void aTickerThatFailsIsToldOnceAndAgainWhenItIsWell() {
        Heartbeat heartbeat = new Heartbeat(environment, home, () -> "1-n", "builtin", Duration.ofMinutes(1));
        PassLog log = new PassLog(environment, heartbeat, new Redactor(List.of("hunter2hunter2")), new TellingCore());
        log.alive();
        log.failed(new IllegalStateException("no disk, hunter2hunter2"));
        log.failed(new IllegalStateException("no disk"));
        TickReport clean = new TellingCore().tick();
        log.passed(clean);
        log.passed(clean);

        assertThat(told)
                .hasSize(2)
                .first()
                .asString()
                .startsWith("cron.ticker-failing error=no disk")
                .doesNotContain("hunter2");
        assertThat(told.get(1)).startsWith("cron.ticker-recovered");
    }

    @Test
    void aPassWithoutALeaseDoesNotEndAFailure() {
        Heartbeat heartbeat = new Heartbeat(environment, home, () -> "1-n", "builtin", Duration.ofMinutes(1));
        PassLog log = new PassLog(environment, heartbeat, new Redactor(List.of()), new TellingCore());
        TickReport nothing = new TellingCore().tick();
        log.failed(new IllegalStateException("no disk"));
        mayStart = false;

        assertThat(log.passed(nothing)).isFalse();
        assertThat(told).hasSize(1);
        assertThat(log.passes().orElseThrow().lastClean()).isEmpty();
        assertThat(log.passes().orElseThrow().lastError()).isPresent();

        mayStart = true;
        assertThat(log.passed(nothing)).isTrue();
        assertThat(told).hasSize(2);
    }
}
