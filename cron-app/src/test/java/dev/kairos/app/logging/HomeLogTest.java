package dev.kairos.app.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeLogTest {
    @TempDir
    Path folder;

    private final LoggerContext context = new LoggerContext();
    private final HomeLog log = new HomeLog();
    private Logger logger;

    @BeforeEach
    void attach() {
        context.setMDCAdapter(new LogbackMDCAdapter());
        log.setContext(context);
        log.start();
        logger = context.getLogger("cron.test");
        logger.addAppender(log);
    }

    @AfterEach
    void detach() {
        context.stop();
    }

    private Path home(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }

    private static String written(Path home) throws IOException {
        return Files.readString(home.resolve("logs/kairos.log"));
    }

    @Test
    void itFollowsTheHomeItIsAimedAt() throws IOException {
        Path first = home("first");
        Path second = home("second");
        LogTarget.aim(first, false);
        logger.warn("one");
        LogTarget.aim(second, false);
        logger.warn("two");
        assertThat(written(first)).contains("one").doesNotContain("two");
        assertThat(written(second)).contains("two").doesNotContain("one");
    }

    @Test
    void itWritesToAHomeThatIsMadeAfterTheFirstEvent() throws IOException {
        LogTarget.aim(folder.resolve("later"), false);
        logger.warn("lost: there is no home");
        Path later = home("later");
        logger.warn("kept");
        assertThat(written(later)).contains("kept").doesNotContain("lost");
    }

    @Test
    void whatLooksLikeASecretIsNotWritten() throws IOException {
        Path home = home("home");
        LogTarget.aim(home, false);
        logger.warn(
                "connecting to https://bob:hunter2hunter2@db", new IOException("password=correcthorse was refused"));
        assertThat(written(home))
                .contains("connecting to", "[redacted]", "java.io.IOException")
                .doesNotContain("hunter2")
                .doesNotContain("correcthorse");
    }
}
