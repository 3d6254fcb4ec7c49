package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.env.Environment;
import dev.kairos.app.terminal.Io;
import dev.kairos.app.terminal.Json;
import dev.kairos.builtin.system.SystemEnvironment;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The command in this process, on a home of its own. */
final class Cli {
    private final Map<String, String> variables = new HashMap<>();
    private String input = "";
    private Io.Terminals terminals = Io.Terminals.NONE;

    private Environment environment = new SystemEnvironment();

    private Cli() {}

    static Cli at(Path home) {
        Cli cli = new Cli();
        cli.variables.put("KAIROS_HOME", home.toString());
        cli.variables.put("HOME", home.toString());
        cli.variables.put("PATH", System.getenv("PATH"));
        return cli;
    }

    Cli variable(String name, String value) {
        variables.put(name, value);
        return this;
    }

    /** As on a machine of another kind. */
    Cli environment(Environment machine) {
        environment = machine;
        return this;
    }

    Cli input(String text) {
        input = text;
        return this;
    }

    Cli terminals(Io.Terminals some) {
        terminals = some;
        return this;
    }

    Result run(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Io io = new Io(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, false, StandardCharsets.UTF_8),
                variables,
                terminals);
        int exit = Kairos.run(words, io, environment);
        return new Result(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Runs it and insists on exit code 0. */
    Result done(String... words) {
        Result result = run(words);
        assertThat(result.exit())
                .as("%s%nout: %s%nerr: %s", List.of(words), result.out(), result.err())
                .isZero();
        return result;
    }

    record Result(int exit, String out, String err) {
        List<String> lines() {
            return out.lines().toList();
        }

        Map<String, Object> json() {
            return Json.object("standard output", out);
        }

        /** One line of what, one of what to do, and no trace of a stack. */
        Result refusedPlainly(int expectedExit) {
            assertThat(exit).as(out + err).isEqualTo(expectedExit);
            assertThat(err.lines().toList()).as(err).hasSize(2);
            assertThat(err).startsWith("kairos: ").doesNotContain("Exception").doesNotContain("\tat ");
            return this;
        }
    }
}
