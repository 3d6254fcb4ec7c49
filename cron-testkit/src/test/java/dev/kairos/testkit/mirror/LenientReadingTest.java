package dev.kairos.testkit.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.JobState;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.orchestrator.jobs.SetAside;
import dev.kairos.orchestrator.mirror.MirrorReport;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LenientReadingTest {
    @TempDir
    Path folder;

    private Mirrored home;

    @BeforeEach
    void open() {
        home = new Mirrored(folder);
    }

    private Job only(String text) {
        home.hand(text);
        MirrorReport report = home.mirror.syncFromFile();
        assertThat(report.setAside()).as(String.join(" ", report.messages())).isEmpty();
        assertThat(home.operations.list()).hasSize(1);
        return home.operations.list().get(0);
    }

    @Test
    void theRecordOfAnotherToolLoadsAndIsKept() {
        Job job = only("""
                {"jobs": [{"id": "job_abc123", "name": "Morning brief", "prompt": "Sum up the news",
                  "schedule": "0 8 * * *", "skills": ["news", "mail"], "deliver": "telegram", "repeat": null,
                  "state": "scheduled", "next_run": "2027-03-02T08:00:00", "run_count": 42,
                  "created_at": "2027-01-01T00:00:00.123456", "model": null, "provider": null, "script": null}]}
                """);
        assertThat(job.id()).isEqualTo("job_abc123");
        assertThat(job.definition().schedule().expression()).contains("0 8 * * *");
        assertThat(job.definition().get(JobField.SKILLS)).contains(List.of("news", "mail"));
        assertThat(job.definition().get(JobField.DELIVER)).contains(List.of("telegram"));
        assertThat(job.definition().get(JobField.REPEAT)).isEmpty();
        assertThat(job.engine().nextRunAt()).contains(Instant.parse("2027-03-02T08:00:00Z"));
        assertThat(job.engine().runCount()).isEqualTo(42);
        assertThat(job.engine().state()).isEqualTo(JobState.SCHEDULED);
        home.mirror.writeIfChanged();
        assertThat(home.text()).contains("job_abc123", "Sum up the news", "\"run_count\" : 42");
        home.touch();
        assertThat(home.another().syncFromFile().hasChanges()).isFalse();
    }

    @Test
    void theOldSingleSkillBecomesTheList() {
        Job job = only("[{\"id\": \"a\", \"skill\": \"news\", \"prompt\": \"p\", \"schedule\": \"every 1h\"}]");
        assertThat(job.definition().get(JobField.SKILLS)).contains(List.of("news"));
        assertThat(job.definition().unknown()).isEmpty();
    }

    @Test
    void aByteOrderMarkABareListAndAMapByIdAreRead() {
        String record = "\"prompt\": \"p\", \"schedule\": \"every 1h\"}";
        assertThat(only("\uFEFF[{\"id\": \"a\", " + record + "]").id()).isEqualTo("a");
        home = new Mirrored(folder);
        assertThat(only("{\"a\": {" + record + "}").id()).isEqualTo("a");
        home = new Mirrored(folder);
        assertThat(only("{\"jobs\": {\"a\": {" + record + "}}").id()).isEqualTo("a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"null", "\"\"", "\"forever\"", "{}", "{\"times\": null, \"completed\": 3}", "{\"completed\": 0}"
            })
    void repeatWithoutEndInAnyForm(String repeat) {
        Job job = only("[{\"id\": \"a\", \"prompt\": \"p\", \"schedule\": \"every 1h\", \"repeat\": " + repeat + "}]");
        assertThat(job.definition().get(JobField.REPEAT)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "\"5\"", "{\"times\": 5}", "{\"times\": \"5\", \"completed\": 2}"})
    void repeatAsNumberTextOrObject(String repeat) {
        Job job = only("[{\"id\": \"a\", \"prompt\": \"p\", \"schedule\": \"every 1h\", \"repeat\": " + repeat + "}]");
        assertThat(job.definition().get(JobField.REPEAT)).contains(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"every 2h\"",
                "{\"kind\": \"interval\", \"seconds\": 7200}",
                "{\"kind\": \"interval\", \"minutes\": 120, \"display\": \"every 120m\"}",
                "{\"seconds\": 7200}",
                "{\"display\": \"every 2h\"}"
            })
    void aScheduleInAnyForm(String schedule) {
        Job job = only("[{\"id\": \"a\", \"prompt\": \"p\", \"schedule\": " + schedule + "}]");
        assertThat(job.definition().schedule().every().orElseThrow().toHours()).isEqualTo(2);
    }

    @Test
    void aMacroOrNamesInAnExpressionAreRead() {
        Job job =
                only("[{\"id\": \"a\", \"prompt\": \"p\", \"schedule\": {\"kind\": \"cron\", \"expr\": \"0 9 * * mon\","
                        + " \"timezone\": \"Europe/Warsaw\"}}]");
        assertThat(job.definition().schedule().kind()).isEqualTo(Schedule.Kind.CRON);
        assertThat(job.definition().schedule().zone().getId()).isEqualTo("Europe/Warsaw");
    }

    @Test
    void aMacroInsideTheObjectIsRead() {
        Job job =
                only("[{\"id\": \"a\", \"prompt\": \"p\", \"schedule\": {\"kind\": \"cron\", \"expr\": \"@daily\"}}]");
        assertThat(job.definition().schedule().expression()).contains("0 0 * * *");
    }

    @Test
    void aDelayCountsFromTheCreation() {
        Job job = only("[{\"id\": \"a\", \"prompt\": \"p\", \"schedule\": \"3h\","
                + " \"created_at\": \"2027-03-01T09:00:00Z\"}]");
        assertThat(job.definition().schedule().runAt()).contains(Instant.parse("2027-03-01T12:00:00Z"));
    }

    @Test
    void anIdThatIsIllegalIsIssuedAnewWithAWarningTheSameEachTime() {
        String text = "[{\"id\": \"../etc\", \"prompt\": \"p\", \"schedule\": \"every 1h\"}]";
        home.hand(text);
        MirrorReport report = home.mirror.syncFromFile();
        assertThat(report.created())
                .singleElement()
                .satisfies(id -> assertThat(id).matches("[0-9a-f]{12}"));
        assertThat(report.messages()).anyMatch(message -> message.contains("../etc"));
        String id = report.created().get(0);
        home = new Mirrored(folder);
        assertThat(home.mirror.syncFromFile().created()).containsExactly(id);
        home.mirror.writeIfChanged();
        assertThat(home.text()).contains(id).doesNotContain("../etc");
    }

    @Test
    void aReservedIdIsIssuedAnew() {
        assertThat(only("[{\"id\": \"_wake\", \"prompt\": \"p\", \"schedule\": \"every 1h\"}]")
                        .id())
                .isNotEqualTo("_wake");
    }

    @Test
    void idsThatStandTwiceAreToldApart() {
        String same = "{\"id\": \"a\", \"prompt\": \"p\", \"schedule\": \"every 1h\"}";
        home.hand("[" + same + "," + same + ",{\"id\": \"a\", \"prompt\": \"q\", \"schedule\": \"every 1h\"}]");
        MirrorReport report = home.mirror.syncFromFile();
        assertThat(report.created()).hasSize(2).contains("a");
        assertThat(report.messages()).anyMatch(message -> message.contains("stands twice"));
        home.mirror.writeIfChanged();
        home.touch();
        assertThat(home.another().syncFromFile().hasChanges()).isFalse();
    }

    @Test
    void ofAKeyThatStandsTwiceTheLastOneCounts() {
        home.hand("[{\"id\": \"a\", \"prompt\": \"p\", \"prompt\": \"q\", \"schedule\": \"every 1h\"}]");
        MirrorReport report = home.mirror.syncFromFile();
        assertThat(home.job("a").definition().get(JobField.PROMPT)).contains("q");
        assertThat(report.messages()).anyMatch(message -> message.contains("line 1") && message.contains("prompt"));
    }

    @Test
    void badRecordsAreKeptAsTheyAreAndTheOthersRun() {
        home.hand("""
                {"jobs": ["just a text", 7, {"id": "nothing to run", "schedule": "every 1h"},
                  {"id": "b", "prompt": "p", "schedule": "every banana"},
                  {"id": "c", "prompt": "p", "schedule": "0 0 30 2 *"},
                  {"id": "good", "prompt": "p", "schedule": "every 1h"}]}
                """);
        MirrorReport report = home.mirror.syncFromFile();
        assertThat(report.created()).containsExactly("good");
        assertThat(report.setAside()).hasSize(5).contains("b", "c");
        Job bad = home.job("b");
        assertThat(bad.engine().state()).isEqualTo(JobState.ERROR);
        assertThat(SetAside.reason(bad.definition()).orElseThrow())
                .contains("schedule")
                .contains("banana");
        home.mirror.writeIfChanged();
        assertThat(home.text())
                .contains("\"just a text\"", "every banana", "0 0 30 2 *", "\"id\" : \"nothing to run\"");
        home.touch();
        MirrorReport again = home.another().syncFromFile();
        assertThat(again.hasChanges()).isFalse();
        assertThat(again.conflictCopy()).isEmpty();
    }

    @Test
    void halvesOfCharactersAreReplacedSoThatTheFileCanBeWritten() {
        Job job = only("[{\"id\": \"a\", \"prompt\": \"x\\ud83dy \\ud83d\\ude00\", \"schedule\": \"every 1h\"}]");
        assertThat(job.definition().get(JobField.PROMPT)).contains("x\uFFFDy \uD83D\uDE00");
        home.mirror.writeIfChanged();
        home.touch();
        assertThat(home.another().syncFromFile().hasChanges()).isFalse();
    }

    @Test
    void absentFieldsAreAbsent() {
        Job job = only("[{\"prompt\": \"p\", \"schedule\": \"every 1h\"}]");
        assertThat(job.id()).matches("[0-9a-f]{12}");
        assertThat(job.definition().name()).isEmpty();
        assertThat(job.definition().isEnabled()).isTrue();
    }
}
