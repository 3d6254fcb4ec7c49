package dev.kairos.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.builtin.system.SystemEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/configuration.md lists exactly the keys that the host reads, with their forms and standards. */
class ConfigurationGuideTest {
    private static final Path GUIDE = Path.of("..", "docs", "configuration.md");

    @TempDir
    Path home;

    @Test
    void theGuidesTableIsTheCatalogue() throws IOException {
        List<String> rows = Files.readAllLines(GUIDE).stream()
                .filter(line -> line.startsWith("| `"))
                .toList();
        String catalogue = ConfigKey.all().stream()
                .map(key -> "| `" + key.path() + "` | " + key.form() + " | " + key.standardText() + " | "
                        + key.meaning() + " |")
                .collect(Collectors.joining("\n"));
        assertThat(String.join("\n", rows)).isEqualTo(catalogue);
    }

    @Test
    void theGuideNamesEveryOpenSubtree() throws IOException {
        String guide = Files.readString(GUIDE);
        ConfigCheck.OPEN_SUBTREES.forEach(
                (path, meaning) -> assertThat(guide).contains("`" + path + "`").contains(meaning));
    }

    @Test
    void theExampleInTheGuideLoadsWithoutARemark() throws IOException {
        String guide = Files.readString(GUIDE);
        String yaml = guide.substring(guide.indexOf("```yaml") + 8, guide.indexOf("```", guide.indexOf("```yaml") + 8));
        Files.writeString(home.resolve("config.yaml"), yaml);
        Configuration loaded =
                Configuration.load(home, new SystemEnvironment().files(), Map.of("TELEGRAM_TOKEN", "x"), Map.of());
        assertThat(loaded.warnings()).isEmpty();
        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.text("delivery.telegram.token")).contains("x");
    }
}
