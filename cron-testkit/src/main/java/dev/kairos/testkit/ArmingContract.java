package dev.kairos.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.JobChanges;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How a provider starts, stops and starts again. */
abstract class ArmingContract extends ProviderWordsContract {
    private static final int CYCLES = 20;

    @Test
    final void aStopBeforeAnyStartDoesNothing() {
        assertThatCode(provider()::stop).doesNotThrowAnyException();
        assertThatCode(provider()::stop).doesNotThrowAnyException();
    }

    @Test
    final void itArmsWithinItsBound() throws InterruptedException {
        run().start();
        assertThat(run().awaitArmed(armBound())).as("armed").isTrue();
    }

    @Test
    final void theStopSignalAloneEndsABlockingStart() throws InterruptedException {
        run().start();
        run().awaitArmed(armBound());
        if (provider().traits().startBlocks()) {
            assertThat(run().isRunning()).as("start blocks until the stop").isTrue();
        } else {
            assertThat(run().join(armBound())).as("start arms and returns").isTrue();
        }
        run().raise();
        assertThat(run().join(stopBound())).as("start returned").isTrue();
        assertThat(run().thrown()).isEmpty();
    }

    @Test
    final void stopIsIdempotentAndLeavesNoThread() throws InterruptedException {
        run().start();
        run().awaitArmed(armBound());
        run().stop(stopBound());
        provider().stop();
        provider().stop();
        assertThat(run().isRunning()).isFalse();
        assertNoThreadIsLeft();
    }

    @Test
    final void itStartsAgainAfterAStop() throws InterruptedException {
        for (int cycle = 0; cycle < 3; cycle++) {
            run().start();
            assertThat(run().awaitArmed(armBound()))
                    .as("armed in cycle " + cycle)
                    .isTrue();
            assertATriggerComes("again-" + cycle);
            run().stop(stopBound());
            assertThat(run().isRunning()).as("running in cycle " + cycle).isFalse();
        }
        assertNoThreadIsLeft();
    }

    @Test
    final void startsAndStopsInQuickSuccessionLeaveNothingBehind() throws InterruptedException {
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            run().start();
            if (cycle % 2 == 0) {
                run().awaitArmed(armBound());
            }
            run().stop(stopBound());
            assertThat(run().isRunning()).as("running after cycle " + cycle).isFalse();
        }
        int callsAtTheEnd = host().calls().size();
        assertNoThreadIsLeft();
        host().arm("late", environment().now());
        assertThat(host().awaitCall(call -> host().calls().size() > callsAtTheEnd, Duration.ofMillis(300)))
                .as("a stopped provider calls nobody")
                .isEmpty();
    }

    @Test
    final void changesBeforeTheStartAndAfterTheStopHarmNothing() throws InterruptedException {
        assertThatCode(() -> provider().onJobsChanged(JobChanges.unknown())).doesNotThrowAnyException();
        run().start();
        run().awaitArmed(armBound());
        run().stop(stopBound());
        assertThatCode(() -> provider().onJobsChanged(JobChanges.of(Set.of("gone"))))
                .doesNotThrowAnyException();
        assertThatCode(provider()::health).doesNotThrowAnyException();
    }

    /** A store that answers nobody keeps a call of the provider's; the host that wants to stop does not wait for it. */
    @Test
    final void stopReturnsInTimeWhileTheHostsOwnCallsHang() throws InterruptedException {
        host().hang();
        host().arm("stuck", environment().now());
        run().start();
        if (wakesForItself()) {
            assertThat(host().awaitInside(bound())).as("a call of the provider").isTrue();
        }
        run().raise();
        within(stopBound(), "stop", () -> {
            provider().stop();
            return true;
        });
        host().release();
        assertThat(run().join(stopBound())).as("start returned").isTrue();
        assertNoThreadIsLeft();
    }

    @Test
    final void twoOfItShareNothing() throws InterruptedException {
        RecordingCronContext otherHost = host(environment());
        CronScheduler other = create();
        other.bind(otherHost);
        ProviderRun otherRun = new ProviderRun(environment(), other, otherHost);
        run().start();
        run().awaitArmed(armBound());
        otherRun.start();
        try {
            assertThat(otherRun.awaitArmed(armBound())).as("the other armed").isTrue();
        } finally {
            otherRun.stop(stopBound());
        }
        assertATriggerComes("survivor");
        assertThat(otherRun.isRunning()).isFalse();
    }
}
