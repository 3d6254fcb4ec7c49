package dev.kairos.orchestrator.delivery;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A message and the files that it names, each on a line of its own: {@code MEDIA:/absolute/path}. Any other line, one with
 * a relative path included, is text (docs/adr/0020). Status: internal.
 *
 * @param text the message without those lines; byte for byte the message where there is none
 * @param paths each once, in order
 */
public record FileLines(String text, List<String> paths) {
    private static final String SIGN = "MEDIA:";

    /** Agents like to put a path into backquotes. */
    private static final Pattern LINE = Pattern.compile("`?MEDIA:[ \\t]*([`\"']?)(/.*?)\\1`?");

    public FileLines {
        paths = List.copyOf(paths);
    }

    /** Reads a message. */
    public static FileLines of(String message) {
        if (!message.contains(SIGN)) {
            return new FileLines(message, List.of());
        }
        List<String> rest = new ArrayList<>();
        Set<String> paths = new LinkedHashSet<>();
        for (String line : message.split("\n", -1)) {
            Matcher file = LINE.matcher(line.strip());
            if (file.matches()) {
                paths.add(file.group(2).strip());
            } else {
                rest.add(line);
            }
        }
        return paths.isEmpty()
                ? new FileLines(message, List.of())
                : new FileLines(String.join("\n", rest).strip(), List.copyOf(paths));
    }

    /** The same with more files; a path that is no line of text cannot be one. */
    FileLines and(List<String> more) {
        Set<String> all = new LinkedHashSet<>(paths);
        more.stream()
                .filter(path -> LINE.matcher(SIGN + path).matches())
                .map(String::strip)
                .forEach(all::add);
        return new FileLines(text, List.copyOf(all));
    }

    /** The same with words below its text, each a paragraph. */
    public FileLines noting(List<String> notes) {
        List<String> paragraphs = new ArrayList<>(notes);
        if (!text.isBlank()) {
            paragraphs.add(0, text);
        }
        return notes.isEmpty() ? this : new FileLines(String.join("\n\n", paragraphs), paths);
    }

    /** The message that reads as this one: the files last. */
    String message() {
        StringBuilder message = new StringBuilder(text);
        for (int i = 0; i < paths.size(); i++) {
            message.append(i == 0 && !text.isEmpty() ? "\n\n" : i == 0 ? "" : "\n")
                    .append(SIGN)
                    .append(paths.get(i));
        }
        return message.toString();
    }
}
