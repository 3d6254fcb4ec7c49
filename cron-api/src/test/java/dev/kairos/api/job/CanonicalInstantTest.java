package dev.kairos.api.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CanonicalInstantTest {
    private static final long FIRST = Instant.parse("0000-01-01T00:00:00Z").getEpochSecond();
    private static final long LAST = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

    @Test
    void readsWhatAnInstantWrites() {
        Random random = new Random(11);
        int[] steps = {1_000_000_000, 1_000_000, 1_000, 1};
        for (int i = 0; i < 20_000; i++) {
            long second = FIRST + (long) (random.nextDouble() * (LAST - FIRST + 1));
            int step = steps[i % steps.length];
            Instant instant = Instant.ofEpochSecond(second, random.nextInt(1_000_000_000) / step * step);

            assertThat(CanonicalInstant.read(instant.toString())).contains(instant);
        }
    }

    /** Whatever it takes, the general parser takes for the same instant. */
    @Test
    void neverReadsAnythingOtherThanTheGeneralParserDoes() {
        Random random = new Random(12);
        String characters = "0123456789-+:.TZtz /";
        int read = 0;
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text = new StringBuilder(i % 2 == 0 ? "2028-02-29T23:59:59Z" : "2027-12-31T00:00:00.120Z");
            for (int edits = random.nextInt(3); edits >= 0; edits--) {
                text.setCharAt(random.nextInt(text.length()), characters.charAt(random.nextInt(characters.length())));
            }
            var instant = CanonicalInstant.read(text.toString());
            if (instant.isPresent()) {
                read++;
                assertThat(OffsetDateTime.parse(text).toInstant()).isEqualTo(instant.get());
            }
        }
        assertThat(read).isGreaterThan(1_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Z",
                "2027-01-15T09:00Z",
                "2027-01-15T09:00:00.Z",
                "2027-02-29T09:00:00Z",
                "2027-13-01T00:00:00Z",
                "2027-01-15T24:00:00Z",
                "2027-01-15T23:60:00Z",
                "2027-01-15T23:59:60Z",
                "2027-01-15T09:00:00+00:00",
                "2027-01-15T09:00:00.1234567890Z",
                "+12027-01-15T09:00:00Z",
                "٢٠٢٧-01-15T09:00:00Z"
            })
    void leavesEverythingElseToOthers(String text) {
        assertThat(CanonicalInstant.read(text)).isEmpty();
    }
}
