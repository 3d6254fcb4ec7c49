package dev.kairos.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.store.StoreException;
import dev.kairos.orchestrator.StoreClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The machine's clock starts five minutes behind the store's. */
final class StoreClockTest {
    private static final Duration OFF = Duration.ofMinutes(5);

    private final ManualEnvironment machine = new ManualEnvironment(Samples.T0.minus(OFF));
    private final Duration begun = machine.uptime();
    /** How much the store's clock gained, or was set, since then. */
    private Duration gained = Duration.ZERO;
    /** What passes on the way to the store and back. */
    private Duration there = Duration.ZERO;

    private Duration back = Duration.ZERO;
    private final StoreClock clock = new StoreClock(machine, () -> {
        machine.advance(there);
        Instant shown = trueNow();
        machine.advance(back);
        return Optional.of(shown);
    });

    private Instant trueNow() {
        return Samples.T0.plus(machine.uptime().minus(begun)).plus(gained);
    }

    private Instant now() {
        return clock.environment().now();
    }

    private Duration error() {
        return Duration.between(trueNow(), now());
    }

    private void measure(long millisThere, long millisBack) {
        there = Duration.ofMillis(millisThere);
        back = Duration.ofMillis(millisBack);
        clock.measure();
    }

    @Test
    void untilItIsReadTheMachineIsRight() {
        assertThat(now()).isEqualTo(machine.now());
        assertThat(clock.ahead()).isEmpty();
    }

    @Test
    void theMiddleOfTheRoundTripIsTakenForTheMomentOfTheReading() {
        measure(6, 6);

        assertThat(error()).isZero();
        assertThat(clock.ahead()).contains(OFF);
        machine.advance(Duration.ofSeconds(90));
        assertThat(error()).isZero();
    }

    @Test
    void aStoreWithoutAClockLeavesTheMachineItsOwn() {
        StoreClock none = new StoreClock(machine, Optional::empty);
        none.measure();

        assertThat(none.environment().now()).isEqualTo(machine.now());
        assertThat(none.ahead()).isEmpty();
    }

    @Test
    void aSlowLookMakesAGoodReadingNoWorse() {
        measure(1, 1);
        measure(0, 9_000);
        assertThat(error()).isZero();
        measure(9_000, 0);
        assertThat(error()).isZero();
    }

    @Test
    void afterASlowFirstLookItIsLateRatherThanEarlyAndTheNextMendsIt() {
        measure(9_000, 0);
        assertThat(error()).isPositive().isLessThanOrEqualTo(Duration.ofMillis(500));
        assertThat(clock.ahead()).contains(OFF.plusMillis(500));

        measure(1, 1);
        assertThat(error()).isZero();
        assertThat(clock.ahead()).contains(OFF);
    }

    @Test
    void jitterWithinTheRoundTripMovesNothing() {
        measure(1, 1);
        for (int i = 0; i < 50; i++) {
            measure(i % 3, 2 - i % 3);
            assertThat(error()).isZero();
        }
    }

    @Test
    void quickLooksMendWhatASlowOneLeftALittleWrong() {
        measure(30, 0);
        assertThat(error()).isEqualTo(Duration.ofMillis(15));
        measure(1, 1);
        assertThat(error()).isPositive().isLessThanOrEqualTo(Duration.ofMillis(2));

        gained = Duration.ofMillis(15);
        measure(1, 1);
        assertThat(error()).isNegative().isGreaterThanOrEqualTo(Duration.ofMillis(-1));
        gained = Duration.ofMillis(60);
        measure(1, 1);
        assertThat(error()).isZero();
    }

    @Test
    void whoSetsTheMachinesClockRightMovesNothing() {
        measure(1, 1);
        machine.stepWallClock(OFF);

        assertThat(error()).isZero();
        measure(1, 1);
        assertThat(error()).isZero();
        assertThat(clock.ahead()).contains(Duration.ZERO);
    }

    @Test
    void theStoresClockThatIsSetIsFollowedEitherWay() {
        measure(1, 1);
        gained = Duration.ofMinutes(-20);
        measure(1, 1);
        assertThat(error()).isZero();
        gained = Duration.ofMinutes(3);
        measure(1, 1);
        assertThat(error()).isZero();
    }

    @Test
    void aStoreThatDoesNotAnswerLeavesTheReadingAsItIs() {
        measure(1, 1);
        boolean[] isSilent = {true};
        StoreClock silent = new StoreClock(machine, () -> {
            if (isSilent[0]) {
                throw new StoreException(StoreException.Kind.TRANSIENT, "silent", null);
            }
            return Optional.of(trueNow());
        });
        isSilent[0] = false;
        silent.measure();
        isSilent[0] = true;
        machine.advance(Duration.ofMinutes(1));

        assertThatThrownBy(silent::measure).isInstanceOf(StoreException.class);
        assertThat(silent.environment().now()).isEqualTo(trueNow());
    }
}
