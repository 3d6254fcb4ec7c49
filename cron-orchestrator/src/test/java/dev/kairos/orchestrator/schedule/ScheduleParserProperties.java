package dev.kairos.orchestrator.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Damaged and nonsense texts against the parser. {@code -Dkairos.seed=N} repeats a run. */
class ScheduleParserProperties {
    private static final List<String> SEEDS = List.of(
            "in 1 hour and 30 minutes",
            "every PT1H30M",
            "every 1d at 09:00",
            "*/15 9-17 * * MON-FRI",
            "0 0 L-3,15W,LW * FRIL,MON#2",
            "CRON_TZ=Europe/Warsaw mon, wed and fri at 9:30pm",
            "TZ=+05:30 2027-01-15T09:00:00.250+05:30",
            "weekdays at noon and midnight",
            "@daily",
            "0 2,3 1-31/5 FEB ?");
    private static final String ALPHABET = " \t,-*/?#LW0123456789:TZ+.=@&adehimnorstuwy\u0660\u2013\u00A0\u0000\uD83D";

    private final long seed = Long.getLong("kairos.seed", new SplittableRandom().nextLong());
    private final SplittableRandom random = new SplittableRandom(seed);

    @Test
    void aDamagedTextIsUnderstoodOrRefusedInWords() {
        System.out.println("ScheduleParserProperties: seed " + seed);
        int accepted = 0;
        for (int i = 0; i < 20_000; i++) {
            String text = damaged(SEEDS.get(random.nextInt(SEEDS.size())));
            try {
                accepted += ScheduleParserFuzzTest.check(text) ? 1 : 0;
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("\"" + ScheduleText.shown(text) + "\", seed " + seed, e);
            }
        }
        assertThat(accepted).as("seed %d", seed).isBetween(200, 19_000);
    }

    private String damaged(String text) {
        var damaged = new StringBuilder(text);
        for (int edits = random.nextInt(4); edits >= 0; edits--) {
            int at = random.nextInt(damaged.length() + 1);
            char c = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
            switch (random.nextInt(4)) {
                case 0 -> damaged.insert(at, c);
                case 1 -> damaged.replace(at, Math.min(at + 1, damaged.length()), Character.toString(c));
                case 2 -> damaged.delete(at, Math.min(at + 1 + random.nextInt(3), damaged.length()));
                default -> damaged.insert(at, SEEDS.get(random.nextInt(SEEDS.size())), 0, 3);
            }
        }
        return damaged.toString();
    }

    @Test
    void theTimeOfParsingIsBoundedForTheWorstOfLongTexts() {
        List<String> pieces =
                List.of("1,", "*/1,", "1-2,", "mon,", "mon and ", "9am, ", " ", "1h", "L,", "15W,", "1-", "a");
        assertThat(pieces).allSatisfy(piece -> {
            for (String head : List.of("", "* * * * ", "every ", "0 0 ", "daily at ", "TZ=")) {
                String text = head + piece.repeat(1_000_000 / piece.length());
                org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(
                        Duration.ofSeconds(60), () -> ScheduleParserFuzzTest.check(text));
                ScheduleParserFuzzTest.check(text.substring(0, 1_000));
            }
        });
    }
}
