package dev.kairos.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.kairos.app.terminal.Io;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class DocumentedExamplesTest {
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");
    private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream());

    private final Io io = new Io(new ByteArrayInputStream(new byte[0]), NOWHERE, NOWHERE, Map.of(), Io.Terminals.NONE);

    @Test
    void everyExampleOfTheGuideParsesAndEveryCommandHasOne() throws IOException {
        Set<String> shown = new HashSet<>();
        for (String line : Files.readAllLines(Path.of("..", "docs", "cli.md"))) {
            if (line.startsWith("kairos ")) {
                shown.add(parses(line));
            }
        }
        assertThat(shown).containsExactlyInAnyOrderElementsOf(Commands.names());
    }

    @Test
    void everyExampleOfAHelpTextParses() {
        for (String name : Commands.names()) {
            List<String> examples = Commands.make(name).orElseThrow().examples();
            assertThat(examples).as(name).isNotEmpty();
            for (String example : examples) {
                String line = example.substring(example.indexOf("kairos "));
                assertThat(parses(line.replaceAll("\\)$", "").replaceAll(" > .*", "")))
                        .isEqualTo(name);
            }
        }
    }

    private String parses(String line) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(line);
        while (matcher.find()) {
            words.add(
                    matcher.group(1) != null
                            ? matcher.group(1)
                            : matcher.group(2) != null ? matcher.group(2) : matcher.group(3));
        }
        String name = words.get(1);
        CommandLine command = CommandLines.of(name, Commands.make(name).orElseThrow(), io);
        assertThatCode(() -> command.parseArgs(words.subList(2, words.size()).toArray(String[]::new)))
                .as(line)
                .doesNotThrowAnyException();
        return name;
    }
}
