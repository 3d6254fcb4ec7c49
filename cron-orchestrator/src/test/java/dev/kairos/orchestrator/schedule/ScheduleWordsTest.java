package dev.kairos.orchestrator.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleWordsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2027-01-15 09:00             | Once, on Friday 15 January 2027 at 09:00 (UTC).
            2027-01-15 09:00:30          | Once, on Friday 15 January 2027 at 09:00:30 (UTC).
            every hour                   | Every hour.
            every 90s                    | Every 1 minute and 30 seconds.
            every 1d2h3m4s               | Every 1 day, 2 hours, 3 minutes and 4 seconds.
            every 2w                     | Every 2 weeks.
            * * * * *                    | Every minute (UTC).
            */15 * * * *                 | Every 15 minutes (UTC).
            */7 * * * *                  | Every 7 minutes, counted from the full hour (UTC).
            @hourly                      | Every hour (UTC).
            30 * * * *                   | Every hour at minute 30 (UTC).
            0,30 * * * *                 | Every hour at minutes 0 and 30 (UTC).
            5/20 * * * *                 | Every hour at minutes 5 to 59 in steps of 20 (UTC).
            0 9 * * *                    | At 09:00 every day (UTC).
            0 9,17 * * *                 | At 09:00 and 17:00 every day (UTC).
            0 9 * * SUN-SUN              | At 09:00 every Sunday (UTC).
            0 9 * * 0-6                  | At 09:00 every day (UTC).
            0 9 * * MON                  | At 09:00 every Monday (UTC).
            0 9 * * 1-5                  | At 09:00 every day from Monday to Friday (UTC).
            0 9 * * MON,WED,FRI          | At 09:00 every Monday, Wednesday and Friday (UTC).
            */15 9-17 * * MON-FRI        | Every 15 minutes from 09:00 to 17:59, every day from Monday to Friday (UTC).
            0 9-17 * * *                 | Every hour from 09:00 to 17:00, every day (UTC).
            0 */2 * * *                  | Every 2 hours from midnight, every day (UTC).
            30 */2 * * *                 | At minute 30 of every second hour from midnight, every day (UTC).
            * 9 * * *                    | Every minute from 09:00 to 09:59, every day (UTC).
            0 0 L * *                    | At 00:00 on the last day of the month (UTC).
            0 0 L-3 * *                  | At 00:00 on the 3rd day before the last of the month (UTC).
            0 0 LW * *                   | At 00:00 on the last working day of the month (UTC).
            0 9 15W * *                  | At 09:00 on the working day nearest to the 15th of the month (UTC).
            0 9 * * 5L                   | At 09:00 on the last Friday of the month (UTC).
            0 9 * * MON#2                | At 09:00 on the second Monday of the month (UTC).
            0 0 1,15 * *                 | At 00:00 on the 1st and 15th of the month (UTC).
            0 0 13 * FRI                 | At 00:00 on the 13th of the month and every Friday (UTC).
            0 0 */2 * FRI                | At 00:00 on every 2nd day from the 1st of the month if that is a Friday (UTC).
            0 0 29 2 *                   | At 00:00 on the 29th of February (UTC).
            0 0 1 1 *                    | At 00:00 on the 1st of January (UTC).
            0 0 1 JAN-MAR *              | At 00:00 on the 1st of the month, in January to March (UTC).
            0 9 * 6,7 MON                | At 09:00 every Monday, in June and July (UTC).
            """)
    void aScheduleIsToldInPlainWords(String text, String sentence) {
        var context = ScheduleContext.of(Instant.parse("2026-11-19T09:00:00Z"), ZoneId.of("UTC"));
        assertThat(ScheduleWords.sentence(ScheduleParser.parse(text, context).schedule()))
                .isEqualTo(sentence);
    }
}
