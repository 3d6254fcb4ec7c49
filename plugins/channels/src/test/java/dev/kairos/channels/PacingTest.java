package dev.kairos.channels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kairos.api.delivery.DeliveryException;
import dev.kairos.api.delivery.DeliveryException.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Many jobs at nine o'clock. */
final class PacingTest {
    private final RealTime time = new RealTime();

    @Test
    void messagesToOneChatAreKeptApart() throws DeliveryException {
        Pacing pacing = new Pacing(time, new Pace(Duration.ZERO, Duration.ofSeconds(1)));
        for (int i = 0; i < 50; i++) {
            pacing.await("chat");
        }
        assertThat(time.slept()).isBetween(Duration.ofSeconds(45), Duration.ofSeconds(49));
    }

    @Test
    void messagesToManyChatsAreKeptApartByThePlatformsOwnPace() throws DeliveryException {
        Pacing pacing = new Pacing(time, new Pace(Duration.ofMillis(100), Duration.ofSeconds(1)));
        for (int i = 0; i < 50; i++) {
            pacing.await("chat " + i);
        }
        assertThat(time.slept()).isBetween(Duration.ofMillis(3_900), Duration.ofMillis(4_900));
    }

    @Test
    void aWishForPatienceHoldsForEverybody() throws DeliveryException {
        Pacing pacing = new Pacing(time, Pace.FREE);
        pacing.await("one");
        pacing.quiet("one", Duration.ofSeconds(20));
        pacing.await("two");
        assertThat(time.slept()).isBetween(Duration.ofSeconds(19), Duration.ofSeconds(20));
    }

    @Test
    void aPlatformThatCountsByChatIsGivenPatienceInThatChat() throws DeliveryException {
        Pacing pacing = new Pacing(time, new Pace(Duration.ZERO, Duration.ofSeconds(1)));
        pacing.quiet("one", Duration.ofSeconds(20));
        pacing.await("two");
        assertThat(time.slept()).isZero();
        pacing.await("one");
        assertThat(time.slept()).isBetween(Duration.ofSeconds(19), Duration.ofSeconds(20));
    }

    @Test
    void aTurnThatIsTooFarOffIsGivenUpForNowAndTakesNoSlot() {
        Pacing pacing = new Pacing(time, Pace.FREE);
        pacing.quiet("one", Duration.ofMinutes(10));
        var refusal = catchThrowableOfType(DeliveryException.class, () -> pacing.await("one"));
        assertThat(refusal.kind()).isEqualTo(Kind.TRANSIENT);
        assertThat(refusal.retryAfter().orElseThrow()).isGreaterThan(Duration.ofMinutes(9));
        assertThat(time.slept()).isZero();
    }
}
