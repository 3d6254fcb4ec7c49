package dev.kairos.builtin;

import dev.kairos.api.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The one line of config.yaml that says which provider is asked for. Changing it leaves every other byte as it is.
 *
 * <p>Status: internal.
 */
public final class ProviderSetting {
    private static final String VALUE =
            "(\\s*:)([ \\t]*)(\"[^\"]*\"|'(?:[^']|'')*'|[^#\\r\\n]*?)([ \\t]+#[^\\r\\n]*|[ \\t]*)(\\r?\\n|$)";
    private static final Pattern FLAT = Pattern.compile("^([\"']?cron\\.provider[\"']?)" + VALUE);
    private static final Pattern NESTED = Pattern.compile("^([ \\t]+[\"']?provider[\"']?)" + VALUE);
    private static final Pattern PARENT = Pattern.compile("^[\"']?cron[\"']?\\s*:[ \\t]*(#[^\\r\\n]*)?(\\r?\\n|$)");
    private static final Pattern LINE = Pattern.compile("[^\\n]*\\n|[^\\n]+$");

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9._-]*");
    /** What a YAML reader may take for something else than text. */
    private static final Pattern OTHER = Pattern.compile("(?i)true|false|yes|no|on|off|y|n|null|nan|inf");

    private ProviderSetting() {}

    /**
     * The file's content with the provider's name in its place.
     *
     * @param file for messages
     * @param content empty where there is no file
     * @throws InvalidInputException if the line cannot be changed without touching others
     */
    public static byte[] changed(Path file, Optional<byte[]> content, String name) {
        String before = new String(content.orElse(new byte[0]), StandardCharsets.UTF_8);
        String after = changed(before, written(name));
        byte[] bytes = after.getBytes(StandardCharsets.UTF_8);
        Map<String, Object> expected = new LinkedHashMap<>(ConfigFile.of(file, content.orElse(new byte[0])));
        expected.put(ConfigKey.PROVIDER.path(), name);
        if (!parsed(file, bytes).equals(Optional.of(expected))) {
            throw new InvalidInputException(
                    file.toString(),
                    "",
                    "is written in a way that cannot be changed without touching other lines",
                    "set it there by hand, and restart the daemon: cron.provider: " + written(name));
        }
        return bytes;
    }

    private static Optional<Map<String, Object>> parsed(Path file, byte[] content) {
        try {
            return Optional.of(ConfigFile.of(file, content));
        } catch (InvalidInputException e) {
            return Optional.empty();
        }
    }

    /** The name as YAML reads it as text, and as nothing else. */
    private static String written(String name) {
        return PLAIN.matcher(name).matches() && !OTHER.matcher(name).matches()
                ? name
                : "'" + name.replace("'", "''") + "'";
    }

    private static String changed(String text, String name) {
        List<String> lines = new ArrayList<>();
        Matcher split = LINE.matcher(text);
        while (split.find()) {
            lines.add(split.group());
        }
        String end = text.contains("\r\n") ? "\r\n" : "\n";
        int parent = -1;
        Optional<String> indent = Optional.empty();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            Matcher flat = FLAT.matcher(line);
            if (flat.matches()) {
                lines.set(i, replaced(flat, name));
                return String.join("", lines);
            }
            boolean isBlank = line.isBlank() || line.strip().startsWith("#");
            if (PARENT.matcher(line).matches()) {
                parent = i;
                indent = Optional.empty();
            } else if (parent >= 0 && !isBlank) {
                String lead =
                        line.substring(0, line.length() - line.stripLeading().length());
                if (lead.isEmpty()) {
                    break;
                }
                indent = indent.isPresent() ? indent : Optional.of(lead);
                Matcher nested = NESTED.matcher(line);
                if (nested.matches() && indent.get().equals(lead)) {
                    lines.set(i, replaced(nested, name));
                    return String.join("", lines);
                }
            }
        }
        if (parent >= 0) {
            String line = lines.get(parent);
            lines.set(parent, line.endsWith("\n") ? line : line + end);
            lines.add(parent + 1, indent.orElse("  ") + "provider: " + name + end);
            return String.join("", lines);
        }
        String joined = String.join("", lines);
        return joined + (joined.isEmpty() || joined.endsWith("\n") ? "" : end) + "cron.provider: " + name + end;
    }

    private static String replaced(Matcher line, String name) {
        String gap = line.group(3).isEmpty() ? " " : line.group(3);
        return line.group(1) + line.group(2) + gap + name + line.group(5) + line.group(6);
    }
}
