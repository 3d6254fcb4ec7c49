package dev.kairos.app.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process that holds a lock for writing on a store's files, as Linux tells it in {@code /proc}.
 *
 * @param pid its process id
 * @param name the name of its program
 * @param state what the kernel says it does, for example {@code T (stopped)}
 */
record LockHolder(long pid, String name, String state) {
    private static final Pattern WRITE =
            Pattern.compile("^\\d+: (?:POSIX|FLOCK)\\s+\\S+\\s+WRITE\\s+(\\d+)\\s+\\S+:(\\d+)\\s.*");
    private static final List<String> FILES = List.of("", "-shm", "-wal");
    private static final String UNKNOWN = "unknown";

    /** Who holds one now; none where the machine does not tell. */
    static List<LockHolder> of(Path storeFile, Path proc) {
        List<LockHolder> holders = new ArrayList<>();
        Set<Long> told = new HashSet<>();
        try {
            Set<Long> inodes = inodes(storeFile);
            for (String line : Files.readAllLines(proc.resolve("locks"))) {
                Matcher lock = WRITE.matcher(line);
                if (lock.matches() && inodes.contains(Long.parseLong(lock.group(2)))) {
                    long pid = Long.parseLong(lock.group(1));
                    if (told.add(pid)) {
                        holders.add(new LockHolder(pid, name(proc, pid), state(proc, pid)));
                    }
                }
            }
        } catch (IOException | RuntimeException e) {
            return holders;
        }
        return holders;
    }

    private static Set<Long> inodes(Path storeFile) throws IOException {
        Set<Long> inodes = new HashSet<>();
        for (String ending : FILES) {
            Path file = Path.of(storeFile + ending);
            if (Files.exists(file)) {
                inodes.add((Long) Files.getAttribute(file, "unix:ino"));
            }
        }
        return inodes;
    }

    private static String name(Path proc, long pid) {
        try {
            return Files.readString(proc.resolve(pid + "/comm"), StandardCharsets.ISO_8859_1)
                    .strip();
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    private static String state(Path proc, long pid) {
        try {
            return Files.readAllLines(proc.resolve(pid + "/status"), StandardCharsets.ISO_8859_1).stream()
                    .filter(line -> line.startsWith("State:"))
                    .map(line -> line.substring("State:".length()).strip())
                    .findFirst()
                    .orElse(UNKNOWN);
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    /** What to do about it. */
    String advice() {
        return state.startsWith("T") || state.startsWith("t")
                ? "it is stopped: kill -CONT " + pid + " lets it go on, kill -9 " + pid + " ends it"
                : "see what it does; if it does not go on, end it: kill " + pid;
    }
}
