package dev.kairos.app.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import dev.kairos.api.env.Environment;
import dev.kairos.api.store.JobStoreFactory;
import dev.kairos.app.command.Dispatcher;
import dev.kairos.app.terminal.Io;
import dev.kairos.builtin.system.SystemEnvironment;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;

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

    @Test
    void aConfiguredSecretOfNoKnownShapeIsNeitherWrittenNorShown() throws IOException {
        Path home = home("home");
        Files.writeString(home.resolve("config.yaml"), "delivery.x.token: correcthorsebattery\n");
        assertThat(runAndFail(home, "the platform refused correcthorsebattery"))
                .contains("the platform refused [redacted]");
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(shown, true, StandardCharsets.UTF_8));
        try {
            logger.warn("not delivered", new IOException("401 for correcthorsebattery"));
        } finally {
            System.setErr(before);
        }
        for (String text : List.of(written(home), shown.toString(StandardCharsets.UTF_8))) {
            assertThat(text).contains("401 for [redacted]").doesNotContain("correcthorse");
        }
    }

    @Test
    void whatAnOpeningWaitsForIsToldToWhoeverWaits() throws IOException {
        Path home = home("home");
        Marker waiting = MarkerFactory.getMarker(JobStoreFactory.WAITING);
        String told = runAndFail(home, "no time", () -> {
            logger.warn(waiting, "Waiting for the tables, password=correcthorse.");
            logger.warn("of no interest");
        });
        assertThat(told)
                .contains("kairos: Waiting for the tables, ")
                .doesNotContain("correcthorse")
                .doesNotContain("of no interest");
        assertThat(written(home)).contains("Waiting for the tables", "of no interest");
    }

    private static String runAndFail(Path home, String why) {
        return runAndFail(home, why, () -> {});
    }

    /** Runs a command on a machine whose clock throws after some event; answers what it told the person. */
    private static String runAndFail(Path home, String why, Runnable event) {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(told, true, StandardCharsets.UTF_8);
        Io io = new Io(new ByteArrayInputStream(new byte[0]), stream, stream, Map.of(), Io.Terminals.NONE);
        Environment machine = new SystemEnvironment();
        Environment broken = (Environment) Proxy.newProxyInstance(
                Environment.class.getClassLoader(), new Class<?>[] {Environment.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("now")) {
                        event.run();
                        throw new IllegalStateException(why);
                    }
                    return method.invoke(machine, arguments);
                });
        new Dispatcher(io, () -> broken).run("next", "every 5m", "--verbose", "--home", home.toString());
        return told.toString(StandardCharsets.UTF_8);
    }
}
