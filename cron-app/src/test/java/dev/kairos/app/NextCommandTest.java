package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.app.terminal.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NextCommandTest {
    @TempDir
    Path folder;

    private Cli cli;

    @BeforeEach
    void aHomeThatDoesNotExist() {
        cli = Cli.at(folder.resolve("home"));
    }

    @Test
    void saysWhatAScheduleMeansAndWhenItIsDue() {
        Cli.Result result = cli.done(
                "next", "weekdays at 9am", "--tz", "Europe/Warsaw", "--from", "2027-01-15T12:00:00Z", "-n", "2");

        assertThat(result.out())
                .contains("0 9 * * MON-FRI", "[Europe/Warsaw]")
                .contains("Mon 2027-01-18 09:00:00+01:00", "Tue 2027-01-19 09:00:00+01:00");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void answersOneJsonDocumentInUtc() {
        Map<String, Object> tree = cli.done(
                        "next", "--json", "0 9 * * *", "--tz=Europe/Warsaw", "--from=2027-06-01T00:00:00Z", "-n1")
                .json();

        assertThat(tree)
                .containsEntry("kind", "cron")
                .containsEntry("timezone", "Europe/Warsaw")
                .containsEntry("next", List.of("2027-06-01T07:00:00Z"));
    }

    @Test
    void makesNoHome() {
        cli.done("next", "every 5m");

        assertThat(folder.resolve("home")).doesNotExist();
        assertThat(Files.exists(folder)).isTrue();
    }

    @Test
    void refusesABadScheduleWithWhatToWrite() {
        assertThat(cli.run("next", "0 9 * * * *").refusedPlainly(2).err()).contains("every 30s");
        cli.run("next", "0 25 * * *").refusedPlainly(2);
        cli.run("next", "every 5m", "--tz", "Europe/Warszawa").refusedPlainly(2);
        cli.run("next", "every 5m", "-n", "many").refusedPlainly(2);
        cli.run("next", "every 5m", "--from", "tomorrow").refusedPlainly(2);
        cli.run("next").refusedPlainly(2);
    }

    @Test
    void aMacroIsNoFileOfArguments() {
        assertThat(cli.done("next", "@daily", "--tz", "UTC", "-n", "1").out()).contains("0 0 * * *");
    }

    @Test
    void aRefusalIsADocumentTooWhenJsonIsAskedFor() {
        Cli.Result result = cli.run("next", "nonsense at all", "--json").refusedPlainly(2);

        assertThat(result.json()).containsKey("error");
    }

    @Test
    void batchAnswersEachLineInOrder() {
        String lines = """
                {"expr":"0 9 * * *","tz":"UTC","from":"2027-01-01T00:00:00Z","n":2}
                {"expr":"0 0 30 2 *","tz":"UTC"}
                not json

                {"expr":"every 90s","tz":"UTC","from":"2027-01-01T00:00:00Z","n":1}
                {"expr":"every 90s","timezone":"UTC"}
                {"expr":"every 90s","n":0}
                """;

        List<Map<String, Object>> answers = cli.input(lines).done("next", "--batch").lines().stream()
                .map(line -> Json.object("line", line))
                .toList();

        assertThat(answers).hasSize(7);
        assertThat(answers.get(0)).containsEntry("next", List.of("2027-01-01T09:00:00Z", "2027-01-02T09:00:00Z"));
        assertThat(answers.get(1)).containsOnlyKeys("error");
        assertThat(answers.get(2)).containsOnlyKeys("error");
        assertThat(answers.get(3)).containsOnlyKeys("error");
        assertThat(answers.get(4)).containsEntry("next", List.of("2027-01-01T00:01:30Z"));
        assertThat(answers.get(5).get("error").toString()).contains("timezone", "tz");
        assertThat(answers.get(6)).containsOnlyKeys("error");
    }

    @Test
    void batchAnswersTwentyThousandLinesEachInItsPlace() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            lines.append("{\"expr\":\"")
                    .append(i % 60)
                    .append(' ')
                    .append(i % 24)
                    .append(i % 7 == 0 ? " 29 2 *" : " * * MON-FRI")
                    .append("\",\"tz\":\"")
                    .append(i % 2 == 0 ? "America/New_York" : "Europe/Warsaw")
                    .append("\",\"from\":\"2027-01-01T00:00:00Z\",\"n\":5}\n");
        }
        cli.input(lines.toString());
        List<String> answers = cli.done("next", "--batch").lines();

        assertThat(answers).hasSize(20_000).allMatch(line -> line.startsWith("{\"next\":[\"20"));
    }
}
