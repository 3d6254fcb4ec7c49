package dev.kairos.examples.brief;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class DailyBriefTest {
    @TempDir
    Path folder;

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void theAgentIsWokenForWhatIsNewAndNotForWhatItSaw() throws Exception {
        try (FakeModel model = new FakeModel()) {
            assertThat(brief(model))
                    .contains("daily-brief", "Good morning. The newest change is the one that matters.");
            assertThat(model.asked).hasSize(1);
            assertThat(model.asked.get(0))
                    .contains("How to write a brief", "there is no repository at", "what of it matters");

            assertThat(brief(model)).as("nothing is new").isEmpty();
            assertThat(model.asked).hasSize(1);
        }
    }

    private String brief(FakeModel model) throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
        DailyBrief.brief(folder.resolve("home"), folder, Map.of(), model.url(), out);
        return said.toString(StandardCharsets.UTF_8);
    }
}
