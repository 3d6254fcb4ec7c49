package dev.kairos.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.ArmedTriggers;
import dev.kairos.api.CronContext;
import dev.kairos.api.CronScheduler;
import dev.kairos.api.DesiredTrigger;
import dev.kairos.api.FireRequest;
import dev.kairos.api.FireResult;
import dev.kairos.api.JobChanges;
import dev.kairos.api.ProviderHealth;
import dev.kairos.api.ProviderTraits;
import dev.kairos.api.StopSignal;
import dev.kairos.api.TickReport;
import dev.kairos.api.env.Task;
import dev.kairos.testkit.ManualEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the host does about a provider that is armed: whether it is heard, what is told to it and asked of it. */
class SupervisionTest {
    private static final Instant TEN = Instant.parse("2026-05-04T10:00:00Z");

    private final ManualEnvironment time = new ManualEnvironment(TEN);
    private final CountingCore core = new CountingCore(time);
    private final PendingChanges changes = new PendingChanges();
    private final Scripted provider = new Scripted();
    private final AtomicInteger noted = new AtomicInteger();
    private LogCapture log;
    private ProviderHost host;

    @BeforeEach
    void listen() {
        log = LogCapture.of("cron");
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

    private void start() {
        ProviderContexts contexts = new ProviderContexts(
                core,
                time,
                Configuration.of(Map.of()),
                new PassObserver() {
                    @Override
                    public void alive() {}

                    @Override
                    public boolean passed(TickReport report) {
                        return true;
                    }

                    @Override
                    public void armed() {}

                    @Override
                    public void failed(Throwable thrown) {}

                    @Override
                    public void noted() {
                        noted.incrementAndGet();
                    }
                },
                Map.of());
        contexts.bind(provider, "scripted");
        host = new ProviderHost(
                contexts,
                new Resolution(Optional.of(provider), "scripted", Optional.empty()),
                Duration.ofSeconds(30),
                changes);
        host.start();
        time.settle();
        time.advance(Duration.ofSeconds(1));
    }

    private void pass(long seconds) {
        time.advance(Duration.ofSeconds(seconds));
    }

    private final class Scripted extends CronScheduler {
        private final List<String> told = new CopyOnWriteArrayList<>();
        private final AtomicInteger reconciled = new AtomicInteger();
        private final AtomicInteger atOnce = new AtomicInteger();
        private final Map<String, Instant> armed = new ConcurrentHashMap<>();
        private volatile ProviderTraits traits = ProviderTraits.DEFAULT;
        private volatile ProviderHealth health = ProviderHealth.unknown();
        private volatile Map<String, Instant> armsWhenReconciling = Map.of();
        private volatile boolean failsToReconcile;
        private volatile boolean hangsInReconcile;
        private volatile boolean isMutelyHanging;
        private volatile boolean failsToChange;
        private volatile boolean hangsInHealth;
        private volatile boolean tellsArmed;

        @Override
        public String name() {
            return "scripted";
        }

        @Override
        public void start(StopSignal stop) {}

        @Override
        public ProviderTraits traits() {
            return traits;
        }

        @Override
        public void onJobsChanged(JobChanges moved) {
            told.add(moved.isUnknown() ? "unknown" : moved.jobIds().toString());
            if (failsToChange) {
                throw new IllegalStateException("registry away");
            }
        }

        @Override
        public void reconcile() {
            reconciled.incrementAndGet();
            assertThat(atOnce.incrementAndGet()).as("reconciles at a time").isEqualTo(1);
            try {
                if (hangsInReconcile) {
                    hang();
                }
            } finally {
                atOnce.decrementAndGet();
            }
            armed.putAll(armsWhenReconciling);
            if (failsToReconcile) {
                throw new IllegalStateException("portal refused");
            }
        }

        @Override
        public ProviderHealth health() {
            if (hangsInHealth) {
                hang();
            }
            return health;
        }

        private void hang() {
            do {
                try {
                    time.newSignal().await(Duration.ofHours(1));
                } catch (InterruptedException e) {
                    if (!isMutelyHanging) {
                        Thread.currentThread().interrupt();
                        return;
                    }
                }
            } while (isMutelyHanging);
        }

        @Override
        public <T> Optional<T> capability(Class<T> type) {
            ArmedTriggers triggers = () -> Map.copyOf(armed);
            return tellsArmed && type == ArmedTriggers.class ? Optional.of(type.cast(triggers)) : Optional.empty();
        }

        void fire(String jobId) {
            Task firing = time.start("firing", () -> context().fire(FireRequest.of(jobId)));
            time.settle();
            assertThat(firing.isDone()).isTrue();
        }

        void tick() {
            Task ticking = time.start("ticking", () -> hostOf().tick());
            time.settle();
            assertThat(ticking.isDone()).isTrue();
        }

        private CronContext hostOf() {
            return context();
        }
    }

    private String state() {
        return host.status().state();
    }

    @Test
    void threeDueInstantsInARowWithoutAFireAreDeafnessAndTheTickerTakesThemOver() {
        start();
        core.due("a");
        pass(20);
        core.due("b");
        pass(20);
        assertThat(state()).isEqualTo("armed");
        core.due("c");
        pass(29);
        assertThat(state()).as("the third has its thirty seconds").isEqualTo("armed");
        pass(3);
        assertThat(state()).isEqualTo("deaf");
        assertThat(core.ticks).as("the ticker covers").hasPositiveValue();
        assertThat(host.status().coveredBecause().orElseThrow())
                .contains("3 due instants in a row passed without a fire", "job c");
        assertThat(core.published).contains("cron.provider-covered");
        assertThat(noted).as("the heartbeat says so at once").hasPositiveValue();
        assertThat(core.excusedSince).as("not late by anybody's fault").isPresent();
    }

    @Test
    void threeInstantsOfOneJobThatStandsStillAreThreeInstants() {
        start();
        Instant first = time.now();
        core.due("a", first);
        pass(60);
        core.due("a", first, first.plusSeconds(60));
        pass(60);
        core.due("a", first, first.plusSeconds(60), first.plusSeconds(120));
        pass(25);
        assertThat(state()).isEqualTo("armed");
        pass(10);
        assertThat(state()).isEqualTo("deaf");
    }

    @Test
    void anAttemptInTimeBreaksTheRowWhateverBecameOfIt() {
        start();
        core.due("a");
        core.due("b");
        pass(40);
        core.due("c");
        pass(10);
        core.answer = new FireResult.NotClaimed(FireResult.Reason.BUSY, Optional.empty());
        provider.fire("c");
        core.due("d");
        core.due("e");
        pass(300);
        assertThat(state()).as("two, then one in time, then two").isEqualTo("armed");
        core.due("f");
        pass(40);
        assertThat(state()).isEqualTo("deaf");
    }

    @Test
    void whatAnotherNodeClaimedInTimeCountsAgainstNobody() {
        start();
        for (int i = 0; i < 20; i++) {
            core.due("a" + i);
            pass(10);
            core.unfired.clear();
            pass(10);
        }
        assertThat(state()).isEqualTo("armed");
    }

    @Test
    void aDeclaredLatencyIsTheProvidersTime() {
        provider.traits = ProviderTraits.DEFAULT.within(Duration.ofMinutes(5));
        start();
        core.due("a");
        core.due("b");
        core.due("c");
        pass(290);
        assertThat(state()).isEqualTo("armed");
        pass(20);
        assertThat(state()).isEqualTo("deaf");
    }

    @Test
    void aFireThatComesAlwaysTooLateDoesNotHelp() {
        start();
        core.answer = new FireResult.NotClaimed(FireResult.Reason.TAKEN, Optional.empty());
        for (int i = 0; i < 3; i++) {
            core.due("a");
            pass(45);
            provider.fire("a");
            core.unfired.clear();
            pass(15);
        }
        assertThat(state()).isEqualTo("deaf");
    }

    private void deafen() {
        core.due("a");
        core.due("b");
        core.due("c");
        pass(35);
        assertThat(state()).isEqualTo("deaf");
    }

    @Test
    void threeAttemptsOnTimeHandBackAndTheProviderIsToldOfChangesMeanwhile() {
        start();
        deafen();
        changes.add(JobChanges.of(Set.of("x")));
        pass(2);
        assertThat(provider.told).contains("[x]");
        for (int i = 0; i < 2; i++) {
            core.lastDue.put("a", time.now());
            provider.fire("a");
            provider.fire("a");
            pass(60);
            assertThat(state()).isEqualTo("deaf");
        }
        provider.fire("a");
        pass(2);
        assertThat(state()).as("the same instant once more, and late").isEqualTo("deaf");
        core.lastDue.put("b", time.now().minusSeconds(20));
        provider.fire("b");
        pass(2);
        assertThat(state()).isEqualTo("armed");
        assertThat(host.status().coveredBecause()).isEmpty();
        assertThat(core.published).endsWith("cron.provider-handed-back");
        int before = core.ticks.get();
        pass(600);
        assertThat(core.ticks).as("the covering ticker is gone").hasValue(before);
    }

    @Test
    void whatIsNotKnownWhileTheLeaseAwaitsItsRenewalBreaksNoRow() {
        start();
        core.due("a");
        core.due("b");
        pass(40);
        core.due("c");
        pass(15);
        core.isLeaseAwaited = true;
        pass(5);
        core.isLeaseAwaited = false;
        pass(9);
        assertThat(state()).isEqualTo("armed");
        pass(4);
        assertThat(state()).as("nobody took the third meanwhile").isEqualTo("deaf");
    }

    @Test
    void whatTheCoveringTickerClaimedIsToldOnceTheProviderTriedItOrHasHadItsTime() {
        start();
        deafen();
        core.lastDue.put("a", time.now());
        core.lastDue.put("b", time.now());
        changes.add(JobChanges.of(Set.of("a", "b", "c")));
        pass(3);
        assertThat(provider.told).as("what nobody claimed is told at once").contains("[c]");
        assertThat(provider.told).as("its own triggers may still come").noneMatch(told -> told.contains("a"));
        provider.fire("a");
        changes.add(JobChanges.of(Set.of("a"))); // as its trigger is spent
        pass(2);
        assertThat(provider.told).contains("[a]").doesNotContain("[b]");
        pass(30);
        assertThat(provider.told).contains("[b]");
    }

    @Test
    void whatIsHeldBackIsToldWithTheHandingBack() {
        start();
        deafen();
        core.lastDue.put("a", time.now());
        changes.add(JobChanges.of(Set.of("a")));
        for (int i = 0; i < 3; i++) {
            core.lastDue.put("x" + i, time.now());
            provider.fire("x" + i);
        }
        pass(2);
        assertThat(state()).isEqualTo("armed");
        assertThat(provider.told).contains("[a]");
    }

    @Test
    void aProviderWhoseTriggersCallAnotherProcessIsHeardThereAndHandedBackTo() {
        provider.traits = ProviderTraits.DEFAULT.outlivingTheProcess();
        start();
        deafen();
        for (int i = 0; i < 3; i++) {
            assertThat(state()).isEqualTo("deaf");
            core.lastDue.put("a", time.now());
            core.outside.add(new OutsideAttempts.Attempt("a", time.now().plusMillis(700)));
            core.outside.add(new OutsideAttempts.Attempt("nobodyClaimed", time.now()));
            pass(60);
        }
        assertThat(state()).isEqualTo("armed");
        assertThat(core.published).endsWith("cron.provider-handed-back");
    }

    @Test
    void anAttemptOutsideThatComesTooLateBringsNothingBack() {
        provider.traits = ProviderTraits.DEFAULT.outlivingTheProcess();
        start();
        deafen();
        for (int i = 0; i < 5; i++) {
            core.lastDue.put("a", time.now());
            pass(45);
            core.outside.add(new OutsideAttempts.Attempt("a", time.now()));
            pass(15);
        }
        assertThat(state()).isEqualTo("deaf");
    }

    @Test
    void aPassIsAnAttemptToo() {
        start();
        core.due("a");
        core.due("b");
        pass(20);
        provider.tick();
        pass(20);
        core.due("c");
        pass(40);
        assertThat(state()).isEqualTo("armed");
    }

    @Test
    void whatIsOverdueByMoreThanTheBackstopIsClaimedHereAndTheProviderIsDeaf() {
        start();
        core.due("a");
        pass(595);
        assertThat(core.overdue).isEmpty();
        pass(10);
        assertThat(core.overdue).containsExactly("a");
        assertThat(state()).isEqualTo("deaf");
        assertThat(host.status().coveredBecause().orElseThrow()).contains("10m", "backstop");
        assertThat(core.published).contains("cron.backstop");
        assertThat(core.excusedSince).contains(TEN);
    }

    @Test
    void whatTheProviderTriesJustNowIsNotTakenFromIt() {
        start();
        core.due("a");
        core.answer = new FireResult.NotClaimed(FireResult.Reason.BUSY, Optional.empty());
        for (int i = 0; i < 80; i++) {
            provider.fire("a");
            pass(10);
        }
        assertThat(core.overdue).isEmpty();
        assertThat(state()).isEqualTo("armed");
    }

    @Test
    void whatWasOverdueBeforeTheStartIsTheProvidersFirst() {
        core.due("a", TEN.minusSeconds(3_600));
        start();
        pass(20);
        assertThat(core.overdue).isEmpty();
        pass(20);
        assertThat(core.overdue).containsExactly("a");
    }

    @Test
    void reconcileComesAfterTheStartOnTheSlowClockAndWhenAnythingMayHaveMoved() {
        start();
        assertThat(provider.reconciled).hasValue(1);
        pass(590);
        assertThat(provider.reconciled).hasValue(1);
        pass(20);
        assertThat(provider.reconciled).hasValue(2);
        changes.add(JobChanges.unknown());
        pass(3);
        assertThat(provider.told).contains("unknown");
        assertThat(provider.reconciled).hasValue(3);
        assertThat(host.status().notes().reconciledAt()).isPresent();
    }

    @Test
    void aReconcileThatFailsIsSaidOnceShownAndTriedSooner() {
        provider.failsToReconcile = true;
        start();
        pass(2);
        assertThat(host.status().notes().unregistered().orElseThrow()).contains("reconcile failed: portal refused");
        pass(1_800);
        assertThat(provider.reconciled.get()).isBetween(5, 12);
        assertThat(log.warnings())
                .filteredOn(text -> text.contains("portal refused"))
                .hasSize(1);
        provider.failsToReconcile = false;
        pass(600);
        assertThat(host.status().notes().unregistered()).isEmpty();
        assertThat(log.infos()).anyMatch(text -> text.contains("reconcile works again"));
    }

    @Test
    void aReconcileThatHangsIsInterruptedAfterThirtySecondsAndHoldsUpChangesNoLonger() {
        provider.hangsInReconcile = true;
        start();
        changes.add(JobChanges.of(Set.of("x")));
        pass(20);
        assertThat(provider.told).as("while it reconciles").isEmpty();
        pass(15);
        assertThat(host.status().notes().unregistered().orElseThrow()).contains("did not return within 30s");
        assertThat(provider.told).contains("[x]");
    }

    @Test
    void aReconcileThatIgnoresItsEndIsNotCalledBesideItself() {
        provider.hangsInReconcile = true;
        provider.isMutelyHanging = true;
        start();
        pass(3_600);
        assertThat(provider.reconciled).hasValue(1);
        provider.isMutelyHanging = false;
        provider.hangsInReconcile = false;
        pass(3_700);
        assertThat(provider.reconciled.get()).isGreaterThan(1);
        assertThat(host.status().notes().unregistered()).isEmpty();
    }

    @Test
    void aProviderThatDoesNotTakeWhatItIsToldIsToldOfEverythingAgain() {
        start();
        provider.failsToChange = true;
        changes.add(JobChanges.of(Set.of("x")));
        pass(60);
        assertThat(provider.told.get(0)).isEqualTo("[x]");
        assertThat(provider.told.subList(1, provider.told.size())).isNotEmpty().containsOnly("unknown");
        assertThat(host.status().notes().unregistered().orElseThrow()).contains("onJobsChanged", "registry away");
        provider.failsToChange = false;
        pass(300);
        assertThat(host.status().notes().unregistered()).isEmpty();
        int told = provider.told.size();
        pass(600);
        assertThat(provider.told).hasSize(told);
    }

    @Test
    void howTheProviderIsAndWhatItHasArmedIsAskedNowAndThen() {
        provider.tellsArmed = true;
        provider.armed.put("a", TEN.plusSeconds(7_200));
        provider.armed.put("gone", TEN.plusSeconds(7_200));
        core.desired.add(new DesiredTrigger("a", TEN.plusSeconds(7_200), Optional.empty()));
        core.desired.add(new DesiredTrigger("b", TEN.plusSeconds(7_200), Optional.empty()));
        provider.health = ProviderHealth.failing("its engine is away");
        start();
        pass(40);
        assertThat(host.status().notes().health()).contains("failing");
        assertThat(host.status().notes().healthDetail()).contains("its engine is away");
        assertThat(host.status().notes().armed()).contains(2);
        assertThat(host.status().notes().difference()).contains("1 not armed: b; 1 armed and not wanted: gone");
        assertThat(core.published).contains("cron.provider-failing");
        pass(40);
        assertThat(provider.reconciled.get())
                .as("a difference that stays is reconciled")
                .isGreaterThan(1);
        provider.armed.remove("gone");
        provider.armed.put("b", TEN.plusSeconds(7_200));
        provider.health = ProviderHealth.healthy();
        pass(40);
        assertThat(host.status().notes().difference()).isEmpty();
        assertThat(host.status().notes().health()).contains("healthy");
        assertThat(core.published).contains("cron.provider-recovered");
    }

    @Test
    void aDifferenceThatIsNewIsLookedAtAgainSoonAndAfterAReconcile() {
        provider.tellsArmed = true;
        core.desired.add(new DesiredTrigger("_wake", TEN.plusSeconds(300), Optional.empty()));
        start();
        pass(1);
        assertThat(host.status().notes().difference()).as("not armed yet").isPresent();
        provider.armed.put("_wake", TEN.plusSeconds(300));
        int before = noted.get();
        pass(7);
        assertThat(host.status().notes().difference()).isEmpty();
        assertThat(noted).as("the heartbeat says so").hasValueGreaterThan(before);

        provider.armed.clear();
        pass(31);
        assertThat(host.status().notes().difference()).isPresent();
        int reconciled = provider.reconciled.get();
        provider.armsWhenReconciling = Map.of("_wake", TEN.plusSeconds(300));
        pass(9);
        assertThat(provider.reconciled).as("still after five seconds").hasValue(reconciled + 1);
        assertThat(host.status().notes().difference()).as("right after it").isEmpty();
    }

    @Test
    void aDifferenceThatStaysIsReconciledNoOftenerThanItIsLookedAt() {
        provider.tellsArmed = true;
        core.desired.add(new DesiredTrigger("a", TEN.plusSeconds(90_000), Optional.empty()));
        start();
        pass(590);
        assertThat(provider.reconciled.get()).isBetween(15, 22);
    }

    @Test
    void theHeartbeatTellsOfAFireWithinSecondsAndNotOfEach() {
        start();
        pass(10);
        int before = noted.get();
        for (int i = 0; i < 60; i++) {
            core.lastFire = Optional.of(time.now());
            pass(1);
        }
        assertThat(noted.get() - before).isBetween(11, 13);
        pass(10);
        int after = noted.get();
        pass(60);
        assertThat(noted).hasValue(after);
    }

    @Test
    void anAttemptThatThrowsHasAnEndToo() {
        start();
        List<String> heard = new CopyOnWriteArrayList<>();
        HostContext context = new HostContext("scripted", core, time, Configuration.of(Map.of()), Map.of());
        context.onAttempt(new Attempts() {
            @Override
            public void begins(String jobId) {
                heard.add("begins " + jobId);
            }

            @Override
            public void ended(String jobId, FireResult result) {
                heard.add("ended " + jobId + " "
                        + result.fold(
                                claimed -> "claimed",
                                refused -> refused.reason().name()));
            }

            @Override
            public void ticked(TickReport report) {}
        });
        core.trouble = Optional.of(new IllegalStateException("the store is away"));
        assertThatThrownBy(() -> context.fire(FireRequest.of("a"))).hasMessage("the store is away");
        assertThat(heard).containsExactly("begins a", "ended a STORE_UNAVAILABLE");
    }

    @Test
    void aHealthThatHangsIsAFailingOneAndHoldsUpNothing() {
        provider.hangsInHealth = true;
        start();
        changes.add(JobChanges.of(Set.of("x")));
        pass(10);
        assertThat(host.status().notes().healthDetail().orElseThrow()).contains("did not return within 5s");
        assertThat(provider.told).contains("[x]");
    }

    @Test
    void theWakeUpIsToldWhenItComesSoonerWhenItHasPassedAndWhenNothingWaitsAnyMore() {
        start();
        pass(10);
        assertThat(provider.told).isEmpty();
        core.wakeAt = Optional.of(time.now().plusSeconds(300));
        pass(6);
        assertThat(provider.told).containsExactly("[_wake]");
        core.wakeAt = Optional.of(time.now().plusSeconds(300));
        pass(60);
        assertThat(provider.told).as("later than told needs no word").hasSize(1);
        core.wakeAt = Optional.of(time.now().plusSeconds(30));
        pass(6);
        assertThat(provider.told).hasSize(2);
        pass(20);
        core.wakeAt = Optional.of(time.now().plusSeconds(300));
        pass(15);
        assertThat(provider.told).as("what was told has passed").hasSize(3);
        core.wakeAt = Optional.empty();
        pass(6);
        assertThat(provider.told).hasSize(4);
        pass(600);
        assertThat(provider.told).hasSize(4);
    }

    @ParameterizedTest
    @EnumSource(FireResult.Reason.class)
    void aTriggerThatWasSpentIsToldWhatToArmForEveryReason(FireResult.Reason reason) {
        SpentTriggers spent = new SpentTriggers(time, changes);
        spent.spent("j", new FireResult.NotClaimed(reason, Optional.empty()));
        Optional<JobChanges> atOnce = changes.take(time.uptime());
        Optional<JobChanges> later = changes.take(time.uptime().plusSeconds(60));
        switch (reason) {
            case STOPPING -> assertThat(atOnce.or(() -> later)).isEmpty();
            case NOT_ABLE, STORE_UNAVAILABLE -> {
                assertThat(atOnce).as("nothing would have changed").isEmpty();
                assertThat(later).contains(JobChanges.of(Set.of("j")));
            }
            default -> assertThat(atOnce).contains(JobChanges.of(Set.of("j")));
        }
    }
}
