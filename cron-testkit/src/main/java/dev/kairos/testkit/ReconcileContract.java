package dev.kairos.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kairos.api.JobChanges;
import dev.kairos.api.env.Task;
import dev.kairos.api.job.Job;
import java.io.Closeable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** That what is armed follows what the host desires. Beyond the first test it needs a view of the registry. */
abstract class ReconcileContract extends FireDueContract {
    private static final Duration RECONCILE_BOUND = Duration.ofSeconds(30);
    private static final Duration DAY = Duration.ofDays(1);

    @Test
    final void reconcileMayBeAskedAtAnyTimeAndTwice() throws InterruptedException {
        reconcile();
        run().start();
        run().awaitArmed(armBound());
        reconcile();
        reconcile();
        assertATriggerComes("after-reconcile");
        run().stop(stopBound());
        reconcile();
        assertNoThreadIsLeft();
    }

    @Test
    final void whatIsMissingIsArmedAgainWithoutAStart() throws Exception {
        OutsideRegistry registry = registry();
        desire("daily", 1);
        desire(Job.WAKE_ID, 2);
        reconcile();
        assertArmed(registry, "daily", 1);
        assertArmed(registry, Job.WAKE_ID, 2);
        registry.cancel("daily");
        reconcile();
        assertArmed(registry, "daily", 1);
    }

    @Test
    final void whatMovedIsArmedAnew() throws Exception {
        OutsideRegistry registry = registry();
        desire("daily", 1);
        reconcile();
        desire("daily", 3);
        reconcile();
        assertArmed(registry, "daily", 3);
        registry.arm("daily", day(5));
        reconcile();
        assertArmed(registry, "daily", 3);
    }

    @Test
    final void anOrphanIsCancelled() throws Exception {
        OutsideRegistry registry = registry();
        desire("daily", 1);
        registry.arm("orphan", day(1));
        reconcile();
        assertThat(registry.armed()).containsOnlyKeys("daily");
        host().disarm("daily");
        reconcile();
        assertThat(registry.armed()).isEmpty();
    }

    @Test
    final void reconcilingTwiceChangesNothing() throws Exception {
        OutsideRegistry registry = registry();
        desire("daily", 1);
        desire("weekly", 7);
        reconcile();
        Map<String, Instant> armed = registry.armed();
        reconcile();
        assertThat(registry.armed()).isEqualTo(armed);
    }

    @Test
    final void whatBelongsToOthersStaysAsItIs() throws Exception {
        OutsideRegistry registry = registry();
        List<String> foreign = registry.foreign();
        assumeTrue(!foreign.isEmpty(), "nothing of anybody else stands there");
        desire("daily", 1);
        reconcile();
        host().disarm("daily");
        reconcile();
        assertThat(registry.foreign()).isEqualTo(foreign);
    }

    @Test
    final void oneBrokenJobStopsNoOtherAndHealsLater() throws Exception {
        OutsideRegistry registry = registry();
        desire("a-first", 1);
        desire("broken", 1);
        desire("z-last", 1);
        Optional<Closeable> trouble = registry.refusing("broken");
        assumeTrue(trouble.isPresent(), "its registry cannot be made to refuse one job");
        try {
            reconcileContained();
            assertThat(registry.armed()).containsKeys("a-first", "z-last").doesNotContainKey("broken");
        } finally {
            trouble.orElseThrow().close();
        }
        reconcile();
        assertThat(registry.armed()).containsKeys("a-first", "broken", "z-last");
    }

    @Test
    final void anInterruptEndsItPromptly() throws Exception {
        OutsideRegistry registry = registry();
        desire("daily", 1);
        Optional<Closeable> silence = registry.hanging();
        assumeTrue(silence.isPresent(), "its registry cannot be made to hang");
        try {
            Task task = environment().start("reconcile", this::reconcileContained);
            assertThat(task.join(Duration.ofMillis(300)))
                    .as("ended before the interrupt")
                    .isFalse();
            task.interrupt();
            assertThat(task.join(quick())).as("ended after it").isTrue();
        } finally {
            silence.orElseThrow().close();
        }
        reconcile();
        assertArmed(registry, "daily", 1);
    }

    @Test
    final void theStartArmsAndEachChangeMovesWhatIsArmed() throws Exception {
        OutsideRegistry registry = registry();
        desire("daily", 1);
        run().start();
        run().awaitArmed(armBound());
        awaitUntil("armed by the start", () -> registry.armed().containsKey("daily"));
        desire("weekly", 7);
        provider().onJobsChanged(JobChanges.of(Set.of("weekly")));
        awaitUntil("armed by the change", () -> registry.armed().containsKey("weekly"));
        host().disarm("daily");
        provider().onJobsChanged(JobChanges.of(Set.of("daily")));
        awaitUntil("cancelled by the change", () -> !registry.armed().containsKey("daily"));
        assertThat(registry.armed()).containsKey("weekly");
    }

    private OutsideRegistry registry() {
        Optional<OutsideRegistry> registry = outside();
        assumeTrue(registry.isPresent(), "it gives no view of a registry");
        return registry.orElseThrow();
    }

    private void desire(String jobId, int days) {
        host().arm(jobId, day(days));
    }

    /** A whole minute, so that a coarse registry can hold it. */
    private Instant day(int days) {
        Instant now = environment().now();
        return Instant.ofEpochSecond(now.getEpochSecond() / 60 * 60).plus(DAY.multipliedBy(days));
    }

    private void assertArmed(OutsideRegistry registry, String jobId, int days) throws Exception {
        Map<String, Instant> armed = registry.armed();
        assertThat(armed).containsKey(jobId);
        Duration off = Duration.between(day(days), armed.get(jobId)).abs();
        // The minute may have turned since.
        assertThat(off).as("'" + jobId + "' is armed for " + armed).isLessThanOrEqualTo(grain().plusSeconds(61));
    }

    private void reconcile() throws InterruptedException {
        within(RECONCILE_BOUND, "reconcile", () -> {
            provider().reconcile();
            return true;
        });
    }

    /** It may tell of its trouble, and the host contains that. */
    private void reconcileContained() {
        try {
            provider().reconcile();
        } catch (RuntimeException contained) {
            // by the host
        }
    }
}
