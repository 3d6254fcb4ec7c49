package dev.kairos.orchestrator.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.schedule.Schedule;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every accepted form with what it is understood as; the present is Thursday 2026-11-19 10:00 in Warsaw. */
class AcceptedFormsTest {
    private static final ScheduleContext CONTEXT =
            ScheduleContext.of(Instant.parse("2026-11-19T09:00:00.123456Z"), ZoneId.of("Europe/Warsaw"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            # delays
            30m                              | once     | 2026-11-19T10:30:00.123+01:00
            30 m                             | once     | 2026-11-19T10:30:00.123+01:00
            in 2h                            | once     | 2026-11-19T12:00:00.123+01:00
            IN 1H30M                         | once     | 2026-11-19T11:30:00.123+01:00
            in 1 hour and 30 minutes         | once     | 2026-11-19T11:30:00.123+01:00
            1d                               | once     | 2026-11-20T10:00:00.123+01:00
            1w                               | once     | 2026-11-26T10:00:00.123+01:00
            1s                               | once     | 2026-11-19T10:00:01.123+01:00
            PT15M                            | once     | 2026-11-19T10:15:00.123+01:00
            in P1DT2H                        | once     | 2026-11-20T12:00:00.123+01:00
            521w                             | once     | 2036-11-13T10:00:00.123+01:00
            # intervals
            every 2h                         | interval | every 2h
            every 90s                        | interval | every 1m30s
            every 45 minutes                 | interval | every 45m
            every hour                       | interval | every 1h
            every second                     | interval | every 1s
            every minute                     | interval | every 1m
            every day                        | interval | every 1d
            every week                       | interval | every 1w
            every 1h30m                      | interval | every 1h30m
            every 1h 30m                     | interval | every 1h30m
            every PT15M                      | interval | every 15m
            EVERY 2 Weeks                    | interval | every 2w
            every 2 hrs                      | interval | every 2h
            every 5 mins                     | interval | every 5m
            every 10 secs                    | interval | every 10s
            every 3653d                      | interval | every 3653d
            every P2W                        | interval | every 2w
            # cron
            0 9 * * *                        | cron     | 0 9 * * *
            "  0  9 \t*  * *  "              | cron     | 0 9 * * *
            */15 9-17 * * mon-fri            | cron     | */15 9-17 * * MON-FRI
            00 09 * * 07                     | cron     | 0 9 * * 7
            5/15 * * * *                     | cron     | 5-59/15 * * * *
            0 0 ? * ?                        | cron     | 0 0 * * *
            0 0 L * *                        | cron     | 0 0 L * *
            0 0 L-3 * *                      | cron     | 0 0 L-3 * *
            0 0 LW * *                       | cron     | 0 0 LW * *
            0 9 * * 5L                       | cron     | 0 9 * * 5L
            0 9 * * friL                     | cron     | 0 9 * * FRIL
            0 9 15W * *                      | cron     | 0 9 15W * *
            0 9 * * MON#2                    | cron     | 0 9 * * MON#2
            0 9 * * MON-SUN                  | cron     | 0 9 * * 1-7
            0 9 * * SAT-SUN                  | cron     | 0 9 * * 6-7
            0 0 1,15,L * *                   | cron     | 0 0 1,15,L * *
            0 0 1,1,1 1 *                    | cron     | 0 0 1,1,1 1 *
            */100 * * * *                    | cron     | */100 * * * *
            0-10/2,30-40/5 * * JAN,jun *     | cron     | 0-10/2,30-40/5 * * JAN,JUN *
            0 0 29 2 *                       | cron     | 0 0 29 2 *
            # macros
            @hourly                          | cron     | 0 * * * *
            @daily                           | cron     | 0 0 * * *
            @Midnight                        | cron     | 0 0 * * *
            @weekly                          | cron     | 0 0 * * 0
            @monthly                         | cron     | 0 0 1 * *
            @yearly                          | cron     | 0 0 1 1 *
            @annually                        | cron     | 0 0 1 1 *
            # day phrases
            every monday 9am                 | cron     | 0 9 * * MON
            every Monday at 9 AM             | cron     | 0 9 * * MON
            mondays at 9:15pm                | cron     | 15 21 * * MON
            weekdays at 9am                  | cron     | 0 9 * * MON-FRI
            every weekday at 09:05           | cron     | 5 9 * * MON-FRI
            daily at 7am                     | cron     | 0 7 * * *
            mon, wed and fri at 17:30        | cron     | 30 17 * * MON,WED,FRI
            mon,wed,fri 17:30                | cron     | 30 17 * * MON,WED,FRI
            every weekend at noon            | cron     | 0 12 * * SAT,SUN
            every 1d at 09:00                | cron     | 0 9 * * *
            every 24h at 9:30                | cron     | 30 9 * * *
            every day at 7                   | cron     | 0 7 * * *
            every day at midnight            | cron     | 0 0 * * *
            every day at 12am                | cron     | 0 0 * * *
            every day at 12pm                | cron     | 0 12 * * *
            daily at 9am and 5pm             | cron     | 0 9,17 * * *
            daily at 9:30, 13:30 and 17:30   | cron     | 30 9,13,17 * * *
            monday to thursday at 8          | cron     | 0 8 * * MON-THU
            fri-mon at 8                     | cron     | 0 8 * * MON,FRI,SAT,SUN
            tues & thurs at 6pm              | cron     | 0 18 * * TUE,THU
            on sundays at 10:00              | cron     | 0 10 * * SUN
            # timestamps
            2027-01-15T09:00:00              | once     | 2027-01-15T09:00:00+01:00
            2027-01-15T09:00:00Z             | once     | 2027-01-15T10:00:00+01:00
            2027-01-15T09:00:00+05:30        | once     | 2027-01-15T04:30:00+01:00
            2027-01-15t09:00:00.25z          | once     | 2027-01-15T10:00:00.25+01:00
            2027-01-15 09:00:00 +0530        | once     | 2027-01-15T04:30:00+01:00
            2027-01-15T09:00-05              | once     | 2027-01-15T15:00:00+01:00
            2027-01-15                       | once     | 2027-01-15T00:00:00+01:00
            2027-01-15 09:00                 | once     | 2027-01-15T09:00:00+01:00
            2026-11-19 09:58:01              | once     | 2026-11-19T09:58:01+01:00
            """)
    void isUnderstoodAs(String text, String kind, String display) {
        Schedule schedule =
                ScheduleParser.parse(text.replace("\\t", "\t"), CONTEXT).schedule();
        assertThat(schedule.kind().word()).isEqualTo(kind);
        assertThat(schedule.display()).isEqualTo(display);
        assertThat(schedule.zone()).isEqualTo(ZoneId.of("Europe/Warsaw"));
        assertThat(ScheduleParser.parse(schedule.display(), CONTEXT).schedule())
                .as("the canonical text means the same again")
                .isEqualTo(schedule);
        assertThat(Schedules.compile(schedule).next(CONTEXT.now(), CONTEXT.now().minusSeconds(120)))
                .isPresent();
        assertThat(ScheduleWords.sentence(schedule)).endsWith(".").doesNotContain("  ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            CRON_TZ=America/New_York 0 9 * * *  | America/New_York | 0 9 * * *
            TZ=UTC every 2h                     | UTC              | every 2h
            cron_tz=asia/tokyo  weekdays at 9am | Asia/Tokyo       | 0 9 * * MON-FRI
            TZ=America/New_York 2027-01-15      | America/New_York | 2027-01-15T00:00:00-05:00
            TZ=Asia/Kolkata 30m                 | Asia/Kolkata     | 2026-11-19T15:00:00.123+05:30
            TZ=+02:00 @daily                    | +02:00           | 0 0 * * *
            """)
    void takesAZonePrefixBeforeAnyForm(String text, String zone, String display) {
        Schedule schedule = ScheduleParser.parse(text, CONTEXT).schedule();
        assertThat(schedule.zone()).isEqualTo(ZoneId.of(zone));
        assertThat(schedule.display()).isEqualTo(display);
    }
}
