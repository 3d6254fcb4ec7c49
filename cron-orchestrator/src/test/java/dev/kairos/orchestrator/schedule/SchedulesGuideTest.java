package dev.kairos.orchestrator.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kairos.api.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every example of docs/schedules.md is true. */
class SchedulesGuideTest {
    private static final ScheduleContext CONTEXT =
            ScheduleContext.of(Instant.parse("2026-11-19T09:00:00Z"), ZoneId.of("Europe/Warsaw"));

    /** The rows of all tables whose first heading is the given one, cells without back quotes. */
    private static List<List<String>> rows(String heading) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        boolean inTable = false;
        for (String line : Files.readAllLines(Path.of("..", "docs", "schedules.md"))) {
            if (!line.startsWith("| ")) {
                inTable = inTable && line.startsWith("|--");
                continue;
            }
            List<String> cells = new ArrayList<>();
            for (String cell : line.substring(1).split("\\|")) {
                String text = cell.trim();
                cells.add(text.startsWith("`") ? text.substring(1, text.length() - 1) : text);
            }
            if (inTable) {
                rows.add(cells);
            }
            inTable = inTable || cells.get(0).equals(heading);
        }
        return rows;
    }

    @Test
    void whatIsWrittenIsStoredAndToldAsTheGuideSays() throws IOException {
        List<List<String>> rows = rows("write");
        assertThat(rows).hasSizeGreaterThan(30);
        for (List<String> row : rows) {
            Schedule schedule = ScheduleParser.parse(row.get(0), CONTEXT).schedule();
            assertThat(schedule.display()).as(row.get(0)).isEqualTo(row.get(1));
            assertThat(ScheduleWords.sentence(schedule)).as(row.get(0)).isEqualTo(row.get(2));
        }
    }

    @Test
    void theInstantsAroundChangesOfTheClocksAreAsTheGuideSays() throws IOException {
        List<List<String>> rows = rows("zone");
        assertThat(rows).hasSizeGreaterThan(5);
        for (List<String> row : rows) {
            ZoneId zone = ZoneId.of(row.get(0));
            CompiledSchedule compiled = Schedules.compile(Schedule.cron(row.get(1), zone));
            Instant at = OffsetDateTime.parse(row.get(2)).toInstant();
            for (String due : row.get(3).split(", ")) {
                at = compiled.next(at, at).orElseThrow();
                assertThat(at.atZone(zone).toOffsetDateTime())
                        .as(row.toString())
                        .isEqualTo(OffsetDateTime.parse(due));
            }
        }
    }

    @Test
    void whatTheGuideCallsRefusedIsRefusedAndItsAdviceIsAccepted() throws IOException {
        List<List<String>> rows = rows("refused");
        assertThat(rows).hasSizeGreaterThan(8);
        for (List<String> row : rows) {
            var refusal = catchThrowableOfType(
                    InvalidScheduleException.class, () -> ScheduleParser.parse(row.get(0), CONTEXT));
            assertThat(refusal).as(row.get(0)).isNotNull();
            assertThat(refusal.reason()).as(row.get(0)).isEqualTo(row.get(1));
            assertThat(ScheduleParser.parse(row.get(2), CONTEXT)).isNotNull();
        }
    }
}
