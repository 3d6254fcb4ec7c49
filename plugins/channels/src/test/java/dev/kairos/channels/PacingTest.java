package dev.kairos.channels;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Many jobs at nine o'clock. */
final class PacingTest {
    private final RealTime time = new RealTime();

    @Test
    void messagesToOneChatAreKeptApart() {
        Pacing pacing = new Pacing(time, new Pace(Duration.ZERO, Duration.ofSeconds(1)));
        for (int i = 0; i < 50; i++) {
            time.sleep(pacing.reserve("chat"));
        }
        assertThat(time.slept()).isBetween(Duration.ofSeconds(45), Duration.ofSeconds(49));
    }

    @Test
    void messagesToManyChatsAreKeptApartByThePlatformsOwnPace() {
        Pacing pacing = new Pacing(time, new Pace(Duration.ofMillis(100), Duration.ofSeconds(1)));
        for (int i = 0; i < 50; i++) {
            time.sleep(pacing.reserve("chat " + i));
        }
        assertThat(time.slept()).isBetween(Duration.ofMillis(3_900), Duration.ofMillis(4_900));
    }

    @Test
    void aWishForPatienceHoldsForEverybody() {
        Pacing pacing = new Pacing(time, Pace.FREE);
        time.sleep(pacing.reserve("one"));
        pacing.quiet("one", Duration.ofSeconds(20));
        time.sleep(pacing.reserve("two"));
        assertThat(time.slept()).isBetween(Duration.ofSeconds(19), Duration.ofSeconds(20));
    }

    @Test
    void aPlatformThatCountsByChatIsGivenPatienceInThatChat() {
        Pacing pacing = new Pacing(time, new Pace(Duration.ZERO, Duration.ofSeconds(1)));
        pacing.quiet("one", Duration.ofSeconds(20));
        time.sleep(pacing.reserve("two"));
        assertThat(time.slept()).isZero();
        time.sleep(pacing.reserve("one"));
        assertThat(time.slept()).isBetween(Duration.ofSeconds(19), Duration.ofSeconds(20));
    }

    @Test
    void aTurnThatIsTooFarOffIsSaidAndTakesNoSlot() {
        Pacing pacing = new Pacing(time, Pace.FREE);
        pacing.quiet("one", Duration.ofMinutes(10));
        assertThat(pacing.reserve("one")).isGreaterThan(Duration.ofMinutes(9));
        assertThat(pacing.reserve("one")).isLessThanOrEqualTo(Duration.ofMinutes(10));
    }
}
