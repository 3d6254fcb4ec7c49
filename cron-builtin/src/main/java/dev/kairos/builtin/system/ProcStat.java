package dev.kairos.builtin.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The part we need of {@code /proc/<pid>/stat} (see proc(5)).
 *
 * @param state the state's letter
 * @param group the process group's id
 * @param session the session's id
 * @param startTicks the start in clock ticks since boot
 */
record ProcStat(char state, long group, long session, long startTicks) {
    /** Reads a process; empty if there is none or it cannot be read. */
    static Optional<ProcStat> read(Path proc, long pid) {
        try {
            return parse(Files.readString(proc.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1));
        } catch (IOException | RuntimeException gone) {
            return Optional.empty();
        }
    }

    /** Reads the line. The second field is the program's name in brackets and may itself hold brackets and spaces. */
    static Optional<ProcStat> parse(String line) {
        int end = line.lastIndexOf(')');
        if (end < 0) {
            return Optional.empty();
        }
        String[] fields = line.substring(end + 1).strip().split(" +");
        try {
            // fields[0] is field 3, the state; 5 is the group, 6 the session, 22 the start.
            return fields.length < 20
                    ? Optional.empty()
                    : Optional.of(new ProcStat(
                            fields[0].charAt(0),
                            Long.parseLong(fields[2]),
                            Long.parseLong(fields[3]),
                            Long.parseLong(fields[19])));
        } catch (NumberFormatException | StringIndexOutOfBoundsException malformed) {
            return Optional.empty();
        }
    }

    /** Whether a signal or a debugger holds it. */
    boolean isStopped() {
        return state == 'T' || state == 't';
    }

    /** Whether it has ended and only waits for its parent to notice. */
    boolean isDead() {
        return state == 'Z' || state == 'X' || state == 'x';
    }
}
