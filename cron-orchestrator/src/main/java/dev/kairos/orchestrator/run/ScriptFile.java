package dev.kairos.orchestrator.run;

import dev.kairos.api.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A job's script on disk: inside the home's {@code scripts} folder with every symbolic link followed, and something the
 * system can run.
 *
 * <p>Status: internal.
 *
 * @param path the real path
 * @param command what starts it: interpreter and path, or the path alone
 */
public record ScriptFile(Path path, List<String> command) {
    private static final Map<String, String> INTERPRETERS =
            Map.of("sh", "bash", "bash", "bash", "py", "python3", "js", "node");
    private static final String FIELD = "script";
    private static final int LONGEST_SHEBANG = 255;

    public ScriptFile {
        command = List.copyOf(command);
    }

    /**
     * Finds the script. May block on the disk; for use when a job is created, when it runs, and by doctor.
     *
     * @param script the job's field: a path relative to the scripts folder, or an absolute one inside it
     * @throws InvalidInputException if it is missing, lies outside, or cannot be run; it says what to do
     */
    public static ScriptFile resolve(Path home, String script) {
        Path scripts = home.resolve("scripts").toAbsolutePath();
        String advice = "put the file into " + scripts + " and name it by its path inside that folder, for example"
                + " backup.sh";
        Path given = parse(script, advice);
        Path real = real(scripts, scripts.resolve(given), script, advice);
        if (Files.isDirectory(real)) {
            throw new InvalidInputException(FIELD, script, "it is a folder, not a file", advice);
        }
        if (!Files.isReadable(real)) {
            throw new InvalidInputException(FIELD, script, "the file cannot be read by this user", "chmod u+r " + real);
        }
        return new ScriptFile(real, command(real, script));
    }

    private static Path parse(String script, String advice) {
        if (script.isBlank()) {
            throw new InvalidInputException(FIELD, script, "no script is named", advice);
        }
        try {
            return Path.of(script);
        } catch (InvalidPathException malformed) {
            throw new InvalidInputException(FIELD, "", "it cannot be a file's name", advice);
        }
    }

    private static Path real(Path scripts, Path wanted, String script, String advice) {
        Path root;
        Path real;
        try {
            root = scripts.toRealPath();
        } catch (IOException absent) {
            throw new InvalidInputException(FIELD, script, "there is no folder " + scripts, advice);
        }
        if (!wanted.normalize().startsWith(scripts) && !wanted.normalize().startsWith(root)) {
            throw outside(script, advice);
        }
        try {
            real = wanted.toRealPath();
        } catch (IOException absent) {
            throw new InvalidInputException(FIELD, script, "there is no file " + wanted.normalize(), advice);
        }
        if (!real.startsWith(root)) {
            throw outside(script, advice);
        }
        return real;
    }

    private static InvalidInputException outside(String script, String advice) {
        return new InvalidInputException(FIELD, script, "it lies outside the scripts folder", advice);
    }

    private static List<String> command(Path real, String script) {
        String interpreter = INTERPRETERS.get(extension(real));
        if (interpreter != null) {
            return List.of(interpreter, real.toString());
        }
        byte[] head = head(real, script);
        boolean shebang = head.length > 2 && head[0] == '#' && head[1] == '!';
        if (!shebang && isText(head)) {
            throw new InvalidInputException(
                    FIELD,
                    script,
                    "nothing says how to run it: its name does not end in .sh, .bash, .py or .js and its first line is"
                            + " not #!",
                    "rename it, or make its first line like #!/usr/bin/env ruby and run chmod u+x " + real);
        }
        if (!Files.isExecutable(real)) {
            throw new InvalidInputException(FIELD, script, "the file is not executable", "chmod u+x " + real);
        }
        if (shebang) {
            checkInterpreter(head, script);
        }
        return List.of(real.toString());
    }

    private static void checkInterpreter(byte[] head, String script) {
        String line = new String(head, StandardCharsets.UTF_8).split("\n", 2)[0];
        if (line.endsWith("\r")) { // the kernel would take it for a part of the interpreter's name
            throw new InvalidInputException(
                    FIELD, script, "the file has Windows line ends", "remove them: sed -i 's/\\r$//' " + script);
        }
        String interpreter = line.substring(2).strip().split("[ \t]", 2)[0];
        if (interpreter.isEmpty() || interpreter.indexOf('\0') >= 0 || !Files.isExecutable(Path.of(interpreter))) {
            throw new InvalidInputException(
                    FIELD,
                    script,
                    "its first line names an interpreter that is not there: " + line.strip(),
                    "install it, or correct the first line, for example #!/usr/bin/env ruby");
        }
    }

    private static String extension(Path file) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        return dot <= 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    private static byte[] head(Path file, String script) {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(LONGEST_SHEBANG);
        } catch (IOException unreadable) {
            throw new InvalidInputException(
                    FIELD,
                    script,
                    "the file cannot be read: " + unreadable.getMessage(),
                    "check the file and its disk");
        }
    }

    /** A compiled program holds a NUL among its first bytes; a text does not. */
    private static boolean isText(byte[] head) {
        for (byte value : head) {
            if (value == 0) {
                return false;
            }
        }
        return true;
    }

    /** The extensions that choose an interpreter, sorted, for help texts. */
    public static List<String> extensions() {
        List<String> known = new ArrayList<>(INTERPRETERS.keySet());
        known.sort(null);
        return known;
    }
}
