package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DispatcherTest {
    @TempDir
    Path folder;

    private Cli cli;

    @BeforeEach
    void open() {
        cli = Cli.at(folder.resolve("home"));
    }

    @Test
    void aloneItGivesAnOverviewOfEveryCommand() {
        assertThat(cli.done().out()).contains("quickstart", "next", "completion", "Exit codes");
        assertThat(cli.done("--help").out()).isEqualTo(cli.done("help").out());
    }

    @Test
    void anUnknownCommandGetsTheNearestOne() {
        assertThat(cli.run("nxet").refusedPlainly(2).err()).contains("kairos next");
    }

    @Test
    void anUnknownOptionGetsTheNearestOne() {
        assertThat(cli.run("next", "every 5m", "--form", "x").refusedPlainly(2).err())
                .contains("--from");
        cli.run("--loud", "next").refusedPlainly(2);
    }

    @Test
    void aWrongNumberOfArgumentsIsRefused() {
        assertThat(cli.run("next", "every", "5m").refusedPlainly(2).err()).contains("quotes");
        cli.run("next", "every 5m", "--tz").refusedPlainly(2);
        cli.run("next", "every 5m", "-n", "1", "-n", "2").refusedPlainly(2);
    }

    @Test
    void commonOptionsMayStandBeforeTheCommand() {
        assertThat(cli.done("--json", "--home", folder.toString(), "version").json())
                .containsKeys("version", "java");
    }

    @Test
    void theSeamWorksWithBareStreams() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, false, StandardCharsets.UTF_8);

        int exit =
                Kairos.run(new String[] {"version"}, new ByteArrayInputStream(new byte[0]), stream, stream, Map.of());

        assertThat(exit).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("kairos ");
    }

    @Test
    void theCompletionScriptKnowsTheCommands() {
        assertThat(cli.done("completion").out())
                .contains("_picocli_kairos_next")
                .contains("--from");
    }
}
