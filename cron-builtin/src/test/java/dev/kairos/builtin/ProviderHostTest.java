package dev.kairos.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.InboundEndpoint;
import dev.kairos.api.JobChanges;
import dev.kairos.api.ProviderTraits;
import dev.kairos.api.StopSignal;
import dev.kairos.api.TickReport;
import dev.kairos.api.env.Task;
import dev.kairos.testkit.ManualEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The life of a provider under its host, on virtual time. */
class ProviderHostTest {
    private final ManualEnvironment time = new ManualEnvironment(Instant.parse("2026-05-04T10:00:00Z"));
    private final CountingCore core = new CountingCore(time);
    private final PendingChanges changes = new PendingChanges();
    private final ProviderContexts contexts =
            new ProviderContexts(core, time, Configuration.of(Map.of()), new Observed(), Map.of());
    private LogCapture log;
    private ProviderHost host;

    @BeforeEach
    void listen() {
        log = LogCapture.of("cron.provider");
    }

    @AfterEach
    void stop() {
        if (host != null) {
            stopHost();
        }
        log.close();
    }

    private void stopHost() {
        Task stopping = time.start("stopping", () -> {
            try {
                host.stop();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        time.settle();
        time.advance(Duration.ofSeconds(60));
        assertThat(stopping.isDone()).as("the host stopped").isTrue();
    }

    private void start(CronScheduler provider, String name) {
        contexts.bind(provider, name);
        Resolution resolution = new Resolution(Optional.of(provider), name, Optional.empty());
        host = new ProviderHost(contexts, resolution, Duration.ofSeconds(30), changes);
        host.start();
        time.settle();
    }

    /** What the heartbeat would be told. */
    private final List<String> beats = new CopyOnWriteArrayList<>();

    private final class Observed implements PassObserver {
        @Override
        public void alive() {}

        @Override
        public boolean passed(TickReport report) {
            return true;
        }

        @Override
        public void armed() {
            beats.add("armed");
        }

        @Override
        public void failed(Throwable thrown) {
            beats.add(String.valueOf(thrown.getMessage()));
        }
    }

    /** A provider whose behaviour a test sets. */
    private final class Scripted extends CronScheduler {
        private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
        private volatile boolean throwsAtStart;
        private volatile boolean hangsUnarmed;
        private volatile boolean blocks;
        private volatile boolean returnsEarly;
        private volatile boolean throwsAtStop;
        private volatile boolean hangsAtRaise;
        private volatile boolean takesCalls;
        private volatile boolean hangsForGood;

        @Override
        public String name() {
            return "scripted";
        }

        @Override
        public void start(StopSignal stop) throws Exception {
            calls.add("start");
            if (throwsAtStart) {
                throw new IllegalStateException("engine away");
            }
            if (hangsAtRaise) {
                stop.onRaise(this::hang);
            }
            if (hangsUnarmed || blocks) {
                if (blocks) {
                    context().armed();
                }
                while (!stop.isRaised() && !returnsEarly) {
                    stop.await(Duration.ofSeconds(1));
                }
            }
        }

        @Override
        public void stop() {
            calls.add("stop");
            hangForGood();
            if (throwsAtStop) {
                throw new IllegalStateException("engine stuck");
            }
        }

        /** Whatever interrupts it. */
        private void hangForGood() {
            while (hangsForGood) {
                try {
                    time.newSignal().await(Duration.ofMinutes(1));
                } catch (InterruptedException e) {
                    continue;
                }
            }
        }

        private void hang() {
            try {
                time.newSignal().await(Duration.ofDays(1));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void onJobsChanged(JobChanges moved) {
            calls.add("changed " + moved.jobIds());
            hangForGood();
        }

        @Override
        public ProviderTraits traits() {
            return blocks ? ProviderTraits.DEFAULT.blocking() : ProviderTraits.DEFAULT;
        }

        @Override
        public <T> Optional<T> capability(Class<T> type) {
            InboundEndpoint endpoint = new InboundEndpoint() {
                @Override
                public String path() {
                    return "/api/cron/fire";
                }

                @Override
                public Answer answer(Call call) {
                    return new Answer(202, "");
                }
            };
            return takesCalls && type == InboundEndpoint.class ? Optional.of(type.cast(endpoint)) : Optional.empty();
        }

        long told() {
            return calls.stream().filter(call -> call.startsWith("changed")).count();
        }

        long starts() {
            return calls.stream().filter("start"::equals).count();
        }
    }

    @Test
    void theTickerRunsAndInfoSaysSoWithItsInterval() {
        start(new BuiltinScheduler(), "builtin");
        assertThat(core.ticks.get()).isEqualTo(1);
        assertThat(host.status().state()).isEqualTo("armed");
        assertThat(log.infos()).anyMatch(text -> text.contains("using=builtin") && text.contains("PT1M"));
    }

    @Test
    void aWakeBringsAPassAtOnce() {
        start(new BuiltinScheduler(), "builtin");
        host.wake();
        time.settle();
        assertThat(core.ticks.get()).isEqualTo(2);
    }

    @Test
    void noneStartsNothingAndSaysSo() {
        host = new ProviderHost(
                contexts, new Resolution(Optional.empty(), "none", Optional.empty()), Duration.ofSeconds(30), changes);
        host.start();
        time.advance(Duration.ofMinutes(5));
        assertThat(core.ticks.get()).isZero();
        assertThat(log.infos()).anyMatch(text -> text.contains("none"));
    }

    @Test
    void aProviderThatArmsAndReturnsIsLeftAlone() {
        Scripted provider = new Scripted();
        start(provider, "scripted");
        time.advance(Duration.ofMinutes(10));
        assertThat(provider.starts()).isEqualTo(1);
        assertThat(core.ticks.get()).as("no ticker beside it").isZero();
        assertThat(host.status().state()).isEqualTo("armed");
        assertThat(log.warnings()).isEmpty();
    }

    @Test
    void aStartThatThrowsIsCoveredWithOneWarningAndTriedAgainLaterAndLater() {
        Scripted provider = new Scripted();
        provider.throwsAtStart = true;
        start(provider, "scripted");
        time.advance(Duration.ofSeconds(2));
        assertThat(core.ticks.get()).as("the ticker covers").isPositive();
        assertThat(log.warnings())
                .hasSize(1)
                .allMatch(text -> text.contains("scripted")
                        && text.contains("engine away")
                        && text.contains("the built-in ticker covers"));
        assertThat(host.status().coveredBecause()).isPresent();
        time.advance(Duration.ofSeconds(30));
        assertThat(provider.starts()).isBetween(4L, 6L);
        time.advance(Duration.ofMinutes(30));
        assertThat(provider.starts()).isBetween(10L, 18L);
        assertThat(log.warnings()).as("still one warning").hasSize(1);
    }

    @Test
    void onceItArmsTheTickerHandsBack() {
        Scripted provider = new Scripted();
        provider.throwsAtStart = true;
        start(provider, "scripted");
        time.advance(Duration.ofSeconds(5));
        provider.throwsAtStart = false;
        time.advance(Duration.ofSeconds(30));
        assertThat(host.status().coveredBecause()).isEmpty();
        assertThat(host.status().state()).isEqualTo("armed");
        int before = core.ticks.get();
        time.advance(Duration.ofMinutes(10));
        assertThat(core.ticks.get()).as("the covering ticker is gone").isEqualTo(before);
        assertThat(log.infos()).anyMatch(text -> text.contains("hands back"));
        assertThat(core.published).containsExactly("cron.provider-covered", "cron.provider-handed-back");
    }

    @Test
    void aStartThatNeitherReturnsNorArmsIsCoveredAfterItsTimeout() {
        Scripted provider = new Scripted();
        provider.hangsUnarmed = true;
        start(provider, "scripted");
        time.advance(Duration.ofSeconds(25));
        assertThat(core.ticks.get()).isZero();
        time.advance(Duration.ofSeconds(10));
        assertThat(core.ticks.get()).isPositive();
        assertThat(provider.starts()).isEqualTo(1);
        assertThat(log.warnings()).hasSize(1).allMatch(text -> text.contains("not armed 30s after its start"));
    }

    @Test
    void aBlockingStartThatReturnsBeforeTheStopIsDeadAndStartedAgain() {
        Scripted provider = new Scripted();
        provider.blocks = true;
        start(provider, "scripted");
        time.advance(Duration.ofSeconds(10));
        assertThat(host.status().state()).isEqualTo("armed");
        provider.returnsEarly = true;
        time.advance(Duration.ofMillis(1_500));
        provider.returnsEarly = false;
        time.advance(Duration.ofSeconds(10));
        assertThat(provider.starts()).isEqualTo(2);
        assertThat(provider.calls).contains("stop");
        assertThat(host.status().state()).isEqualTo("armed");
        assertThat(log.warnings()).hasSize(1).allMatch(text -> text.contains("returned before the stop"));
    }

    @Test
    void whatWaitsForNoScheduleIsTakenWithinASecondBehindAProviderThatIsSilent() {
        start(new Scripted(), "scripted");
        core.waiting = Optional.of(time.now().plusSeconds(5));
        time.advance(Duration.ofSeconds(4));
        assertThat(core.waits).hasValue(0);

        time.advance(Duration.ofSeconds(2));

        assertThat(core.waits).hasPositiveValue();
        assertThat(core.ticks)
                .as("passes that take occurrences from the provider")
                .hasValue(0);
    }

    @Test
    void aSupervisionThatKeepsFailingIsSaidOnceAMinuteAndSoIsItsEnd() {
        core.isStoreSilent = true;
        start(new Scripted(), "scripted");
        time.advance(Duration.ofSeconds(150));
        assertThat(log.warnings())
                .hasSize(3)
                .allMatch(text -> text.startsWith("cron.provider supervision failed; it goes on"))
                .allMatch(text -> text.endsWith(": the store does not answer"));
        assertThat(log.warnings().get(1)).contains(" more times since last said)");
        core.isStoreSilent = false;
        time.advance(Duration.ofSeconds(5));
        assertThat(log.infos()).containsOnlyOnce("cron.provider supervision: works again");
        core.isStoreSilent = true;
        time.advance(Duration.ofSeconds(5));
        assertThat(log.warnings()).hasSize(4);
    }

    @Test
    void aSilentStoreIsToldOfBesideAProviderWithoutATicker() {
        start(new Scripted(), "scripted");
        time.advance(Duration.ofSeconds(1));
        assertThat(beats).containsExactly("armed");
        core.isStoreSilent = true;
        time.advance(Duration.ofSeconds(2));
        assertThat(beats).endsWith("the store does not answer").hasSizeGreaterThan(1);
        core.isStoreSilent = false;
        time.advance(Duration.ofSeconds(2));
        assertThat(beats).as("told to be well at once").endsWith("armed");
    }

    @Test
    void changesReachThePlugInInOrderAndOnlyWhenArmed() {
        Scripted provider = new Scripted();
        start(provider, "scripted");
        changes.add(JobChanges.of(Set.of("a")));
        host.wake();
        time.settle();
        changes.add(JobChanges.of(Set.of("b")));
        host.wake();
        time.settle();
        assertThat(provider.calls).containsSubsequence("changed [a]", "changed [b]");
    }

    @Test
    void aPlugInThatNeverReturnsFromAChangeIsToldOfNoOtherMeanwhile() {
        Scripted provider = new Scripted();
        provider.hangsForGood = true;
        start(provider, "scripted");
        changes.add(JobChanges.of(Set.of("a")));
        host.wake();
        time.settle();
        for (int i = 0; i < 10; i++) {
            changes.add(JobChanges.of(Set.of("b")));
            time.advance(Duration.ofSeconds(30));
        }
        assertThat(provider.told()).as("calls of one plug-in do not overlap").isEqualTo(1);
        provider.hangsForGood = false;
        time.advance(Duration.ofMinutes(2));
        assertThat(provider.told()).as("once it came back").isGreaterThan(1);
    }

    @Test
    void aPlugInThatNeverReturnsFromItsStopIsNeitherStoppedNorStartedAgain() {
        Scripted provider = new Scripted();
        provider.throwsAtStart = true;
        provider.hangsForGood = true;
        start(provider, "scripted");
        time.advance(Duration.ofMinutes(5));
        assertThat(provider.calls).containsExactly("start", "stop");
        assertThat(core.ticks.get()).as("the ticker covers").isPositive();
        provider.hangsForGood = false;
        time.advance(Duration.ofMinutes(2));
        assertThat(provider.starts()).isGreaterThan(1);
    }

    @Test
    void stoppingEndsTheProviderAndItsThreads() {
        Scripted provider = new Scripted();
        provider.blocks = true;
        start(provider, "scripted");
        stopHost();
        host = null;
        assertThat(provider.calls).contains("stop");
        int before = core.ticks.get();
        time.advance(Duration.ofMinutes(5));
        assertThat(provider.starts()).isEqualTo(1);
        assertThat(core.ticks.get()).isEqualTo(before);
    }

    @Test
    void callsFromOutsideReachAProviderAsLongAsItLives() {
        Scripted provider = new Scripted();
        provider.blocks = true;
        provider.takesCalls = true;
        start(provider, "scripted");
        assertThat(host.inbound().map(InboundEndpoint::path)).contains("/api/cron/fire");

        provider.returnsEarly = true;
        time.advance(Duration.ofSeconds(2));
        assertThat(host.inbound()).as("dead").isEmpty();
        provider.returnsEarly = false;
        time.advance(Duration.ofSeconds(5));
        assertThat(host.inbound()).as("started again").isPresent();

        stopHost();
        assertThat(host.inbound()).as("stopped").isEmpty();
        host = null;
    }

    @Test
    void aStopThatThrowsIsSaid() {
        Scripted provider = new Scripted();
        provider.blocks = true;
        provider.throwsAtStop = true;
        start(provider, "scripted");
        stopHost();
        host = null;
        assertThat(log.warnings()).anyMatch(text -> text.contains("its stop failed: engine stuck"));
        assertThat(log.stacks()).isEqualTo(1);
    }

    @Test
    void anActionThatHangsAtTheStopKeepsNobodyFromEnding() {
        Scripted provider = new Scripted();
        provider.blocks = true;
        provider.hangsAtRaise = true;
        start(provider, "scripted");
        stopHost();
        host = null;
        assertThat(log.warnings())
                .anyMatch(text -> text.contains("registered for the stop signal did not return within 5s"));
        assertThat(provider.calls).contains("stop");
    }
}
