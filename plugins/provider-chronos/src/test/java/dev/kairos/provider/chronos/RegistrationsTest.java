package dev.kairos.provider.chronos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.provider.chronos.Registrations.Shot;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is to be armed, and under which key. */
final class RegistrationsTest {
    private static final Instant NOW = Instant.parse("2027-01-15T09:00:00Z");
    private static final Instant DUE = NOW.plusSeconds(60);

    private final Registrations registrations = new Registrations();

    @Test
    void aJobIsArmedOnceAtItsInstantUnderAKeyOfBoth() {
        Shot shot = registrations.missing("abc", DUE, NOW).orElseThrow();
        assertThat(shot.fireAt()).isEqualTo(DUE);
        assertThat(shot.dedupKey()).isEqualTo("abc:2027-01-15T09:01:00Z");
        registrations.armed(shot);
        assertThat(registrations.missing("abc", DUE, NOW)).isEmpty();
    }

    @Test
    void anotherInstantIsANewKeyAndTheSameOneAgainIsNumbered() {
        arm(DUE);
        assertThat(key(DUE.plusSeconds(60))).isEqualTo("abc:2027-01-15T09:02:00Z");
        registrations.spent("abc", Optional.of(DUE));
        assertThat(key(DUE)).isEqualTo("abc:2027-01-15T09:01:00Z:1");
        arm(DUE);
        registrations.spent("abc", Optional.empty());
        assertThat(key(DUE)).isEqualTo("abc:2027-01-15T09:01:00Z:2");
    }

    @Test
    void whatThePortalLostIsArmedUnderANewKey() {
        arm(DUE);
        registrations.learn(Map.of());
        assertThat(key(DUE)).isEqualTo("abc:2027-01-15T09:01:00Z:1");
    }

    @Test
    void aFireForAnotherInstantLeavesTheRegistrationAlone() {
        arm(DUE);
        registrations.spent("abc", Optional.of(DUE.minusSeconds(60)));
        assertThat(registrations.missing("abc", DUE, NOW)).isEmpty();
        registrations.spent("other", Optional.of(DUE));
    }

    @Test
    void aPastInstantIsArmedASecondFromNow() {
        Shot shot = registrations.missing("abc", NOW.minusSeconds(3_600), NOW).orElseThrow();
        assertThat(shot.fireAt()).isEqualTo(NOW.plusSeconds(1));
        registrations.armed(shot);
        assertThat(registrations.missing("abc", NOW.minusSeconds(3_600), NOW)).isEmpty();
        assertThat(registrations.missing("abc", NOW.minusSeconds(3_600), NOW.plusSeconds(20)))
                .as("it may be on its way")
                .isEmpty();
        assertThat(registrations.missing("abc", NOW.minusSeconds(3_600), NOW.plusSeconds(40)))
                .as("it did not come")
                .hasValueSatisfying(again -> assertThat(again.fireAt()).isEqualTo(NOW.plusSeconds(41)));
    }

    @Test
    void aTriggerBeforeTheJobIsDueDoesNotCountForIt() {
        arm(DUE);
        assertThat(registrations.missing("abc", DUE.plusSeconds(2), DUE.plusSeconds(3)))
                .hasValueSatisfying(shot -> assertThat(shot.fireAt()).isEqualTo(DUE.plusSeconds(4)));
    }

    @Test
    void aTriggerNeverComesBeforeWhatItIsFor() {
        Instant due = DUE.plusNanos(1_234_567);
        Instant fireAt = registrations.missing("abc", due, NOW).orElseThrow().fireAt();
        assertThat(fireAt).isAfterOrEqualTo(due).isBefore(due.plusMillis(1));
        assertThat(fireAt).isEqualTo(Instant.parse("2027-01-15T09:01:00.002Z"));
    }

    @Test
    void aPortalThatKeepsWholeSecondsIsNotArmedAgainForEver() {
        registrations.learn(Map.of("abc", Optional.of(DUE)));
        assertThat(registrations.missing("abc", DUE.plusMillis(900), NOW)).isEmpty();
        assertThat(registrations.missing("abc", DUE.plusMillis(1_100), NOW)).isPresent();
    }

    @Test
    void anInstantThatCannotBeReadIsArmedAnew() {
        registrations.learn(Map.of("abc", Optional.empty()));
        assertThat(registrations.missing("abc", DUE, NOW)).isPresent();
    }

    @Test
    void theWakeUpStaysWhereItIsWhileItComesEarlyEnough() {
        Shot first = registrations.missing("_wake", NOW.plusSeconds(300), NOW).orElseThrow();
        registrations.armed(first);
        Instant later = NOW.plusSeconds(100);
        assertThat(registrations.missing("_wake", later.plusSeconds(300), later))
                .isEmpty();
        assertThat(registrations.missing("_wake", later.plusSeconds(60), later))
                .hasValueSatisfying(shot -> assertThat(shot.fireAt()).isEqualTo(later.plusSeconds(60)));
        assertThat(registrations.missing("_wake", NOW.plusSeconds(700), NOW.plusSeconds(400)))
                .as("it passed")
                .isPresent();
    }

    @Test
    void orphansAreThoseThatAreArmedAndNobodyWants() {
        registrations.learn(Map.of("a", Optional.of(DUE), "b", Optional.of(DUE), "c", Optional.empty()));
        registrations.spent("b", Optional.of(DUE));
        assertThat(registrations.orphans(Set.of("a"))).containsExactly("c");
        registrations.cancelled("c");
        assertThat(registrations.orphans(Set.of("a"))).isEmpty();
    }

    private void arm(Instant due) {
        registrations.armed(registrations
                .missing("abc", due, NOW.minus(Duration.ofSeconds(1)))
                .orElseThrow());
    }

    private String key(Instant due) {
        return registrations.missing("abc", due, NOW).orElseThrow().dedupKey();
    }
}
