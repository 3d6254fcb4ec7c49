package dev.kairos.app.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/events.md} lists the events that the code publishes, with their details, and no others. */
final class EventsDocumentTest {
    private static final Path ROOT = Production.sourceTree();
    private static final Pattern CALL = Pattern.compile("\\b(?:publish|publishWarning|alarm)\\(\\s*(?=\"cron\\.)");
    private static final Pattern ROW = Pattern.compile("^\\| `(cron\\.[a-z-]+)` \\|([^|]*)\\|", Pattern.MULTILINE);
    private static final Pattern WORD = Pattern.compile("`([a-z_]+)`");

    @Test
    void theTableNamesEachEventAndItsDetails() throws IOException {
        assertThat(documented()).isEqualTo(published());
    }

    private static Map<String, Set<String>> documented() throws IOException {
        return ROW.matcher(Files.readString(ROOT.resolve("docs/events.md")))
                .results()
                .collect(Collectors.toMap(
                        row -> row.group(1),
                        row -> WORD.matcher(row.group(2))
                                .results()
                                .map((MatchResult word) -> word.group(1))
                                .collect(Collectors.toCollection(TreeSet::new)),
                        (one, other) -> {
                            throw new AssertionError("listed twice: " + one);
                        },
                        TreeMap::new));
    }

    private static Map<String, Set<String>> published() throws IOException {
        Map<String, Set<String>> published = new TreeMap<>();
        try (Stream<Path> files = Files.walk(ROOT)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java")
                            && ROOT.relativize(path).toString().contains("src/main/java"))
                    .toList()) {
                String text = Files.readString(file);
                Matcher call = CALL.matcher(text);
                while (call.find()) {
                    List<String> words = arguments(text, call.end());
                    Set<String> details = published.computeIfAbsent(quoted(words.get(0)), name -> new TreeSet<>());
                    for (int i = 1; i < words.size(); i += 2) {
                        details.add(quoted(words.get(i)));
                    }
                }
            }
        }
        return published;
    }

    private static String quoted(String argument) {
        assertThat(argument)
                .as("an event's name and the names of its details are literals")
                .matches("\"[a-z_.-]+\"");
        return argument.substring(1, argument.length() - 1);
    }

    /** The arguments of a call, from behind its opening bracket. */
    private static List<String> arguments(String text, int from) {
        List<String> arguments = new ArrayList<>();
        int depth = 0;
        int begin = from;
        for (int i = from; ; i++) {
            char sign = text.charAt(i);
            if (sign == '(') {
                depth++;
            } else if (sign == ',' && depth == 0 || sign == ')' && depth-- == 0) {
                arguments.add(text.substring(begin, i).strip());
                begin = i + 1;
                if (sign == ')') {
                    return arguments;
                }
            }
        }
    }
}
