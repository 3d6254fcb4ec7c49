package dev.kairos.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.JobChanges;
import dev.kairos.api.ProviderHealth;
import dev.kairos.api.TickReport;
import dev.kairos.api.env.Task;
import dev.kairos.testkit.ManualEnvironment;
import dev.kairos.testkit.RecordingCronContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The ticker on virtual time: when its passes come, and what cannot end it. */
class TickerTest {
    private static final Instant T0 = Instant.parse("2026-05-04T10:00:00Z");

    private final ManualEnvironment time = new ManualEnvironment(T0);
    private final RecordingCronContext host = new RecordingCronContext(time, Duration.ofSeconds(60));
    private final BuiltinScheduler ticker = new BuiltinScheduler();
    private final HostStop stop = new HostStop(time);
    private final List<String> beats = Collections.synchronizedList(new ArrayList<>());
    private LogCapture log;
    private Task running;

    @BeforeEach
    void bind() {
        log = LogCapture.of("cron.ticker");
        host.offer(PassObserver.class, new PassObserver() {
            @Override
            public void alive() {
                beats.add("alive " + time.now());
            }

            @Override
            public void armed() {}

            @Override
            public boolean passed(TickReport report) {
                beats.add("passed " + time.now());
                return true;
            }

            @Override
            public void failed(Throwable thrown) {
                beats.add("failed " + time.now());
            }
        });
        ticker.bind(host);
    }

    @AfterEach
    void end() {
        stop.raise();
        if (running != null) {
            time.settle();
            assertThat(running.isDone()).as("the ticker ended").isTrue();
        }
        log.close();
    }

    private void start() {
        running = time.start("cron-ticker", () -> ticker.start(stop));
        time.settle();
    }

    private List<Instant> passes() {
        return host.calls().stream().map(RecordingCronContext.Call::at).toList();
    }

    @Test
    void theFirstPassComesAtOnceAndTheBeatBeforeTheFirstWait() {
        start();
        assertThat(passes()).containsExactly(T0);
        assertThat(beats).containsExactly("alive " + T0, "passed " + T0);
        assertThat(host.armedCount()).isEqualTo(1);
    }

    @Test
    void withNothingDueAPassComesEveryInterval() {
        start();
        time.advance(Duration.ofSeconds(185));
        assertThat(passes()).containsExactly(T0, T0.plusSeconds(60), T0.plusSeconds(120), T0.plusSeconds(180));
    }

    @Test
    void aPassComesExactlyAtTheNextDueInstant() {
        Instant due = T0.plusMillis(12_345);
        host.arm("a", due);
        start();
        time.advance(Duration.ofSeconds(30));
        assertThat(passes()).contains(due).hasSizeLessThan(5);
        assertThat(host.calls())
                .anyMatch(call -> call.fired().equals(List.of("a")) && call.at().equals(due));
    }

    @Test
    void aChangeWakesItAtOnce() {
        start();
        time.advance(Duration.ofSeconds(10));
        host.arm("a", T0.plusSeconds(10));
        ticker.onJobsChanged(JobChanges.unknown());
        time.settle();
        assertThat(passes()).containsExactly(T0, T0.plusSeconds(10));
    }

    @Test
    void aStepForwardOfTheWallClockIsNoticedWithinASecond() {
        host.arm("a", T0.plusSeconds(50));
        start();
        time.advance(Duration.ofMillis(500));
        time.stepWallClock(Duration.ofMinutes(5));
        time.advance(Duration.ofSeconds(1));
        assertThat(host.calls()).anyMatch(call -> call.fired().equals(List.of("a")));
        assertThat(log.warnings()).hasSize(1).allMatch(text -> text.contains("stepped"));
    }

    @Test
    void aStepBackwardLeadsToAPassAndToWaitingForTheInstantAnew() {
        host.arm("a", T0.plusSeconds(50));
        start();
        time.stepWallClock(Duration.ofMinutes(-5));
        time.advance(Duration.ofSeconds(2));
        assertThat(passes()).hasSize(2);
        time.advance(Duration.ofMinutes(6));
        assertThat(host.calls())
                .anyMatch(call -> call.fired().equals(List.of("a")) && call.at().equals(T0.plusSeconds(50)));
    }

    @Test
    void noThrowableEndsItAndARepeatedOneIsSaidOnce() {
        for (int i = 0; i < 5; i++) {
            host.failNext(() -> new IllegalStateException("disk away"));
        }
        start();
        assertThat(ticker.health().state()).isEqualTo(ProviderHealth.State.FAILING);
        time.advance(Duration.ofSeconds(40));
        assertThat(host.troublesLeft()).isZero();
        assertThat(passes()).isNotEmpty();
        assertThat(log.errors()).as("the same failure within a minute").hasSize(1);
        assertThat(log.stacks()).isEqualTo(1);
        assertThat(log.infos()).anyMatch(text -> text.contains("works again"));
        assertThat(ticker.health().state()).isEqualTo(ProviderHealth.State.HEALTHY);
        assertThat(beats.stream().filter(beat -> beat.startsWith("failed"))).hasSize(5);
    }

    @Test
    void errorsOfTheMachineDoNotEndItEither() {
        host.failNext(() -> {
            throw new OutOfMemoryError("simulated");
        });
        host.failNext(() -> {
            throw new StackOverflowError("simulated");
        });
        host.failNext(() -> {
            throw new NoClassDefFoundError("simulated");
        });
        start();
        time.advance(Duration.ofSeconds(20));
        assertThat(passes()).isNotEmpty();
        assertThat(log.errors()).hasSize(3);
    }

    @Test
    void failingPassesAreNotHastenedByChanges() {
        for (int i = 0; i < 100; i++) {
            host.failNext(() -> new IllegalStateException("disk away"));
        }
        start();
        for (int i = 0; i < 50; i++) {
            ticker.onJobsChanged(JobChanges.unknown());
            time.advance(Duration.ofMillis(10));
        }
        assertThat(host.troublesLeft()).isEqualTo(99);
    }

    @Test
    void anObserverThatThrowsNeverReachesTheLoop() {
        host.offer(PassObserver.class, new PassObserver() {
            @Override
            public void alive() {
                throw new IllegalStateException("disk full");
            }

            @Override
            public void armed() {}

            @Override
            public boolean passed(TickReport report) {
                throw new AssertionError("disk full");
            }

            @Override
            public void failed(Throwable thrown) {}
        });
        start();
        time.advance(Duration.ofSeconds(60));
        assertThat(passes()).hasSize(2);
    }

    @Test
    void aStrayInterruptIsLoggedAndClearedAndTheLoopGoesOn() {
        start();
        for (int i = 0; i < 3; i++) {
            running.interrupt();
            time.settle();
        }
        time.advance(Duration.ofSeconds(120));
        assertThat(running.isDone()).isFalse();
        assertThat(passes()).contains(T0.plusSeconds(120));
        assertThat(log.warnings()).anyMatch(text -> text.contains("interrupted without a stop"));
    }

    @Test
    void theStopSignalEndsItWithoutTimePassing() {
        start();
        stop.raise();
        time.settle();
        assertThat(running.isDone()).isTrue();
    }

    @Test
    void stopEndsItToo() {
        start();
        ticker.stop();
        time.settle();
        assertThat(running.isDone()).isTrue();
        ticker.stop();
    }

    @Test
    void aSecondStartWhileItRunsIsRefused() {
        start();
        assertThatThrownBy(() -> ticker.start(new HostStop(time))).isInstanceOf(IllegalStateException.class);
    }
}
