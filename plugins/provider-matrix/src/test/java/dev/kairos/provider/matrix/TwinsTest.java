package dev.kairos.provider.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two providers hold some classes twice (docs/adr/0013): who mends one of a pair mends the other. */
class TwinsTest {
    /** Names before words that hold them. */
    private static final List<Map.Entry<String, String>> NAMES = List.of(
            Map.entry("DbScheduler", "Engine"),
            Map.entry("dbscheduler", "engine"),
            Map.entry("db-scheduler", "engine"),
            Map.entry("Quartz", "engine"),
            Map.entry("quartz", "engine"));

    @ParameterizedTest
    @ValueSource(strings = {"Firing", "PlainTrouble", "PostgresAddress"})
    void theTwinsDifferInNamesAlone(String type) throws IOException {
        assertThat(code("provider-quartz/src/main/java/dev/kairos/provider/quartz/" + type))
                .isEqualTo(code("provider-db-scheduler/src/main/java/dev/kairos/provider/dbscheduler/" + type))
                .hasSizeGreaterThan(100);
    }

    /** Quartz commits by itself what db-scheduler leaves to the connection. */
    @ParameterizedTest
    @CsvSource("PostgresPool, config.setAutoCommit(false);")
    void theTwinsDifferInNamesAndOneLine(String type, String line) throws IOException {
        assertThat(code("provider-quartz/src/main/java/dev/kairos/provider/quartz/" + type)
                        .replace(line.replace(" ", ""), ""))
                .isEqualTo(code("provider-db-scheduler/src/main/java/dev/kairos/provider/dbscheduler/" + type));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Relay", "Postgres", "LostDatabaseTest"})
    void whatTheirTestsUseDiffersInNamesAlone(String type) throws IOException {
        assertThat(code("provider-quartz/src/test/java/dev/kairos/provider/quartz/" + type))
                .isEqualTo(code("provider-db-scheduler/src/test/java/dev/kairos/provider/dbscheduler/" + type));
    }

    /** Without comments and white space, of which the names' lengths change much. */
    private static String code(String file) throws IOException {
        String text = Files.readAllLines(Path.of("..", file + ".java")).stream()
                .map(String::strip)
                .filter(line -> !line.startsWith("/*") && !line.startsWith("*") && !line.startsWith("//"))
                .collect(Collectors.joining());
        for (Map.Entry<String, String> name : NAMES) {
            text = text.replace(name.getKey(), name.getValue());
        }
        return text.replaceAll("\\s+", "").replace("Engine", "engine");
    }
}
