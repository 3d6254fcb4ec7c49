package dev.kairos.orchestrator.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.schedule.Schedule;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What really happens around changes of the clocks, written out: zone, expression, base, the instants that follow. */
class DaylightSavingTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # New York, gap of an hour: 02:00-05:00 to 03:00-04:00
            America/New_York | 30 2 * * *         | 2027-03-13T12:00Z | 2027-03-14T03:00-04:00 2027-03-15T02:30-04:00
            America/New_York | 0 2,3 * * *        | 2027-03-13T12:00Z | 2027-03-14T03:00-04:00 2027-03-15T02:00-04:00 2027-03-15T03:00-04:00
            America/New_York | 0,15,30,45 2 * * * | 2027-03-13T12:00Z | 2027-03-14T03:00-04:00 2027-03-15T02:00-04:00
            America/New_York | 30 1-3 * * *       | 2027-03-14T05:00Z | 2027-03-14T01:30-05:00 2027-03-14T03:00-04:00 2027-03-14T03:30-04:00
            America/New_York | 30 2 14 3 *        | 2027-01-01T12:00Z | 2027-03-14T03:00-04:00 2028-03-14T02:30-04:00
            America/New_York | 30 2 * * SUN       | 2027-03-13T12:00Z | 2027-03-14T03:00-04:00 2027-03-21T02:30-04:00
            America/New_York | */15 2 * * *       | 2027-03-13T12:00Z | 2027-03-15T02:00-04:00
            America/New_York | 30 * * * *         | 2027-03-14T06:00Z | 2027-03-14T01:30-05:00 2027-03-14T03:30-04:00
            America/New_York | 0 */2 * * *        | 2027-03-14T05:30Z | 2027-03-14T04:00-04:00
            America/New_York | * * * * *          | 2027-03-14T06:58Z | 2027-03-14T01:59-05:00 2027-03-14T03:00-04:00
            # New York, overlap of an hour: 02:00-04:00 back to 01:00-05:00
            America/New_York | 30 1 * * *         | 2027-11-07T04:00Z | 2027-11-07T01:30-04:00 2027-11-08T01:30-05:00
            America/New_York | 30 1 * * *         | 2027-11-07T05:45Z | 2027-11-08T01:30-05:00
            America/New_York | 30 1 * * *         | 2027-11-07T06:10Z | 2027-11-08T01:30-05:00
            America/New_York | 0 1,2 * * *        | 2027-11-07T04:00Z | 2027-11-07T01:00-04:00 2027-11-07T02:00-05:00
            America/New_York | 30 * * * *         | 2027-11-07T05:00Z | 2027-11-07T01:30-04:00 2027-11-07T01:30-05:00 2027-11-07T02:30-05:00
            America/New_York | */30 1 * * *       | 2027-11-07T04:30Z | 2027-11-07T01:00-04:00 2027-11-07T01:30-04:00 2027-11-07T01:00-05:00 2027-11-07T01:30-05:00 2027-11-08T01:00-05:00
            # Warsaw
            Europe/Warsaw    | 30 2 * * *         | 2027-03-27T12:00Z | 2027-03-28T03:00+02:00 2027-03-29T02:30+02:00
            Europe/Warsaw    | 0 2 28 3 *         | 2027-03-27T12:00Z | 2027-03-28T03:00+02:00 2028-03-28T02:00+02:00
            Europe/Warsaw    | 0 2 L-3 3 *        | 2027-03-27T12:00Z | 2027-03-28T03:00+02:00 2028-03-28T02:00+02:00
            Europe/Warsaw    | 30 2 * * *         | 2027-10-30T12:00Z | 2027-10-31T02:30+02:00 2027-11-01T02:30+01:00
            Europe/Warsaw    | 0 * * * *          | 2027-10-30T23:30Z | 2027-10-31T02:00+02:00 2027-10-31T02:00+01:00 2027-10-31T03:00+01:00
            # Lord Howe, half an hour
            Australia/Lord_Howe | 15 2 * * *      | 2027-10-02T12:00Z | 2027-10-03T02:30+11:00 2027-10-04T02:15+11:00
            Australia/Lord_Howe | 15,30 2 * * *   | 2027-10-02T12:00Z | 2027-10-03T02:30+11:00 2027-10-04T02:15+11:00
            Australia/Lord_Howe | */15 * * * *    | 2027-10-02T15:10Z | 2027-10-03T01:45+10:30 2027-10-03T02:30+11:00 2027-10-03T02:45+11:00
            Australia/Lord_Howe | 45 1 * * *      | 2027-04-03T12:00Z | 2027-04-04T01:45+11:00 2027-04-05T01:45+10:30
            Australia/Lord_Howe | 45 * * * *      | 2027-04-03T14:00Z | 2027-04-04T01:45+11:00 2027-04-04T01:45+10:30 2027-04-04T02:45+10:30
            # Sao Paulo, the gap and the overlap at midnight
            America/Sao_Paulo | 0 0 * * *         | 2018-11-03T12:00Z | 2018-11-04T01:00-02:00 2018-11-05T00:00-02:00
            America/Sao_Paulo | 0 0 4 11 *        | 2018-11-03T12:00Z | 2018-11-04T01:00-02:00 2019-11-04T00:00-03:00
            America/Sao_Paulo | 0 0 * * SUN       | 2018-11-03T12:00Z | 2018-11-04T01:00-02:00 2018-11-11T00:00-02:00
            America/Sao_Paulo | 0 * * * *         | 2018-11-04T02:30Z | 2018-11-04T01:00-02:00 2018-11-04T02:00-02:00
            America/Sao_Paulo | 30 23 * * *       | 2019-02-16T12:00Z | 2019-02-16T23:30-02:00 2019-02-17T23:30-03:00
            America/Sao_Paulo | 30 23 16 2 *      | 2019-02-17T02:00Z | 2020-02-16T23:30-03:00
            America/Sao_Paulo | 0 0 * * *         | 2019-02-16T12:00Z | 2019-02-17T00:00-03:00
            America/Sao_Paulo | 30 * * * *        | 2019-02-17T01:00Z | 2019-02-16T23:30-02:00 2019-02-16T23:30-03:00 2019-02-17T00:30-03:00
            # Apia, 30 December 2011 did not take place
            Pacific/Apia     | 0 9 * * *          | 2011-12-29T12:00Z | 2011-12-29T09:00-10:00 2011-12-31T09:00+14:00
            Pacific/Apia     | 0 0 * * *          | 2011-12-29T12:00Z | 2011-12-31T00:00+14:00 2012-01-01T00:00+14:00
            Pacific/Apia     | 0 9 30 12 *        | 2011-06-01T12:00Z | 2012-12-30T09:00+14:00
            Pacific/Apia     | 0 9 * * FRI        | 2011-12-29T12:00Z | 2012-01-06T09:00+14:00
            Pacific/Apia     | 0 * * * *          | 2011-12-30T09:30Z | 2011-12-31T00:00+14:00 2011-12-31T01:00+14:00
            # Casablanca, back an hour for Ramadan
            Africa/Casablanca | 30 2 * * *        | 2027-02-06T12:00Z | 2027-02-07T02:30+01:00 2027-02-08T02:30Z
            Africa/Casablanca | 30 * * * *        | 2027-02-07T01:00Z | 2027-02-07T02:30+01:00 2027-02-07T02:30Z
            Africa/Casablanca | 30 2 * * *        | 2027-03-13T12:00Z | 2027-03-14T03:00+01:00 2027-03-15T02:30+01:00
            # Troll, two hours
            Antarctica/Troll | 30 1,2 * * *       | 2027-03-27T12:00Z | 2027-03-28T03:00+02:00 2027-03-29T01:30+02:00 2027-03-29T02:30+02:00
            Antarctica/Troll | 30 1,2 * * *       | 2027-10-30T12:00Z | 2027-10-31T01:30+02:00 2027-10-31T02:30+02:00 2027-11-01T01:30Z
            Antarctica/Troll | 30 1-3 * * *       | 2027-10-31T00:45Z | 2027-10-31T03:30Z 2027-11-01T01:30Z
            Antarctica/Troll | 30 * * * *         | 2027-10-30T22:40Z | 2027-10-31T01:30+02:00 2027-10-31T02:30+02:00 2027-10-31T01:30Z 2027-10-31T02:30Z 2027-10-31T03:30Z
            # Havana, the gap at midnight
            America/Havana   | 0 0 14 3 *         | 2027-03-13T12:00Z | 2027-03-14T01:00-04:00 2028-03-14T00:00-04:00
            # UTC and a fixed offset know no changes
            UTC              | 30 2 * * *         | 2027-03-13T12:00Z | 2027-03-14T02:30Z 2027-03-15T02:30Z
            +05:30           | 30 2 * * *         | 2027-03-13T12:00Z | 2027-03-14T02:30+05:30 2027-03-15T02:30+05:30
            """)
    void theInstantsAfterTheBaseAre(String zone, String expression, String base, String expected) {
        List<OffsetDateTime> wanted =
                Arrays.stream(expected.split(" ")).map(OffsetDateTime::parse).toList();
        CompiledSchedule compiled = Schedules.compile(Schedule.cron(expression, ZoneId.of(zone)));
        List<OffsetDateTime> found = new ArrayList<>();
        Instant at = OffsetDateTime.parse(base).toInstant();
        while (found.size() < wanted.size()) {
            at = compiled.next(Instant.EPOCH, at).orElseThrow();
            found.add(at.atZone(ZoneId.of(zone)).toOffsetDateTime());
        }
        assertThat(found).containsExactlyElementsOf(wanted);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Europe/Warsaw     | 2027-03-28 02:30 | 2027-03-28T03:00+02:00 | The clocks in Europe/Warsaw skip 02:30 on that day; it fires at 2027-03-28 03:00 +02:00.
            Europe/Warsaw     | 2027-10-31 02:30 | 2027-10-31T02:30+02:00 | The clocks in Europe/Warsaw show 02:30 twice on that day; it fires at the first, 2027-10-31 02:30 +02:00.
            America/Havana    | 2027-03-14       | 2027-03-14T01:00-04:00 | The clocks in America/Havana skip 00:00 on that day; it fires at 2027-03-14 01:00 -04:00.
            Australia/Lord_Howe | 2027-10-03T02:15:30 | 2027-10-03T02:30+11:00 | The clocks in Australia/Lord_Howe skip 02:15:30 on that day; it fires at 2027-10-03 02:30 +11:00.
            """)
    void aTimestampInAGapOrAnOverlapSaysWhenItFires(String zone, String text, String instant, String note) {
        var context = ScheduleContext.of(Instant.parse("2027-01-01T00:00:00Z"), ZoneId.of(zone));
        ParsedSchedule parsed = ScheduleParser.parse(text, context);
        assertThat(parsed.schedule().runAt())
                .contains(OffsetDateTime.parse(instant).toInstant());
        assertThat(parsed.notes()).containsExactly(note);
    }
}
