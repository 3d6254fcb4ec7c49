package dev.kairos.builtin.plugin;

import dev.kairos.api.env.HostFiles;
import dev.kairos.orchestrator.PlainWords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The SHA-256 sums that a folder's plugins.lock pins, in the form that sha256sum writes. Where the file is there, a JAR
 * that it does not name is refused, and one that cannot be understood lets nothing in.
 */
final class PluginLock {
    static final String FILE = "plugins.lock";

    private static final Pattern LINE = Pattern.compile("([0-9a-fA-F]{64})[ \\t]+\\*?(.+)");

    private final Path file;
    private final Optional<Map<String, String>> sums;
    private final Optional<Trouble> trouble;

    private PluginLock(Path file, Optional<Map<String, String>> sums, Optional<Trouble> trouble) {
        this.file = file;
        this.sums = sums;
        this.trouble = trouble;
    }

    static PluginLock read(Path folder, HostFiles files) {
        Path file = folder.resolve(FILE);
        try {
            Optional<byte[]> content = files.read(file);
            if (content.isEmpty() && files.list(folder).contains(file)) {
                throw new NoSuchFileException(file + " is a link to a file that is not there");
            }
            if (content.isEmpty()) {
                return new PluginLock(file, Optional.empty(), Optional.empty());
            }
            Optional<Trouble> open = OpenDoor.of(file);
            return open.isPresent() ? new PluginLock(file, Optional.empty(), open) : parse(file, content.get());
        } catch (IOException e) {
            Trouble unreadable = new Trouble(
                    file + " cannot be read: " + PlainWords.of(e), "check its owner and its rights, or take it away");
            return new PluginLock(file, Optional.empty(), Optional.of(unreadable));
        }
    }

    private static PluginLock parse(Path file, byte[] content) {
        Map<String, String> sums = new HashMap<>();
        List<String> lines = new String(content, StandardCharsets.UTF_8).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            Matcher parts = LINE.matcher(line);
            if (!parts.matches()) {
                Trouble damaged = new Trouble(
                        "line " + (i + 1) + " of " + file + " is no SHA-256 sum and file name",
                        "write it anew, in the folder: sha256sum *.jar > " + FILE);
                return new PluginLock(file, Optional.empty(), Optional.of(damaged));
            }
            sums.put(parts.group(2).replaceFirst("^\\./", ""), parts.group(1).toLowerCase(Locale.ROOT));
        }
        return new PluginLock(file, Optional.of(sums), Optional.empty());
    }

    /** Why a JAR with this name and sum is not let in. */
    Optional<Trouble> refusal(String name, String sha256) {
        if (sums.isEmpty()) {
            return trouble;
        }
        String pinned = sums.get().get(name);
        if (sha256.equals(pinned)) {
            return Optional.empty();
        }
        String reason = pinned == null
                ? file + " does not name it"
                : "its SHA-256 sum is " + sha256 + ", and " + file + " pins " + pinned;
        return Optional.of(
                new Trouble(reason, "if it is the one you want, put this line there: " + sha256 + "  " + name));
    }
}
