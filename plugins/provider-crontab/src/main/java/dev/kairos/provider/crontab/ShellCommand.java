package dev.kairos.provider.crontab;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What is started for a job: {@code /bin/sh -c SCRIPT HOME JAVA PATH COMMAND...}. Everything that differs is a word after
 * the script, so that whatever shell the crontab names has nothing but quoted words to read.
 *
 * <p>The script says nothing where the home or the program is gone, because cron would mail it each time. What the command
 * says goes to {@code logs/crontab.log} of the home, or nowhere where that cannot be written.
 */
final class ShellCommand {
    private static final String BEGIN = "cd \"$0\" 2>/dev/null && [ -x \"$3\" ] || exit 0;"
            + " { mkdir -p logs && true >>logs/crontab.log; } 2>/dev/null"
            + " && exec >>logs/crontab.log 2>&1 || exec >/dev/null 2>&1;"
            + " [ ! -x \"$1/bin/java\" ] || export JAVA_HOME=\"$1\"; export PATH=\"$2\"; shift 2; ";
    private static final String FIRE = "exec \"$@\"";

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=@,+-]+");

    /** What cron takes of one line after the time, measured on Debian's. */
    private static final int LONGEST_IN_CRONTAB = 998;

    private final HomeCommand command;
    private final String javaHome;
    private final String path;

    ShellCommand(HomeCommand command, String javaHome, String path) {
        this.command = command;
        this.javaHome = javaHome;
        this.path = path;
    }

    /** The words for a fire so many seconds into the minute. */
    List<String> once(String jobId, int second) {
        return words(second == 0 ? FIRE : "sleep " + second + "; " + FIRE, jobId);
    }

    /** The words for a fire that hands the run to the background and ends. */
    List<String> detached(String jobId) {
        return words("\"$@\" &", jobId);
    }

    /** The words for all fires of the minute in which it is started; each has its own time, however long another runs. */
    List<String> eachOfTheMinute(String jobId, Rule.EachMinute rule) {
        Duration period = rule.period();
        long step = period.getSeconds();
        long anchor = Math.floorMod(rule.anchor().getEpochSecond(), step);
        return words(
                "e=$(date +%s); m=$((e-e%60)); t=$((m+((" + anchor + "-m)%" + step + "+" + step + ")%" + step + "));"
                        + " while [ $t -lt $((m+60)) ]; do { [ $t -le $e ] || sleep $((t-e)); " + FIRE + "; } &"
                        + " t=$((t+" + step + ")); done",
                jobId);
    }

    private List<String> words(String rest, String jobId) {
        List<String> words = new ArrayList<>(
                List.of("/bin/sh", "-c", BEGIN + rest, command.home().toString(), javaHome, path));
        words.addAll(command.fire(jobId));
        if (words.stream().anyMatch(ShellCommand::hasControl)) {
            throw new Refusal(
                    "a path with a line break or another control character cannot stand in a crontab or a unit: "
                            + command.home());
        }
        return words;
    }

    private static boolean hasControl(String word) {
        return word.chars().anyMatch(c -> c < ' ' || c == 0x7F);
    }

    /**
     * The words as cron takes them: quoted for its shell, with its own percent sign escaped.
     *
     * @throws Refusal where cron would not take so long a line
     */
    static String inCrontab(List<String> words) {
        String text = words.stream()
                .map(ShellCommand::quoted)
                .collect(Collectors.joining(" "))
                .replace("%", "\\%");
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST_IN_CRONTAB) {
            throw new Refusal("its line would have " + length + " bytes and cron takes " + LONGEST_IN_CRONTAB
                    + ": the home or the program lies too deep, or cron.crontab.path is too long");
        }
        return Bytes.ofText(text);
    }

    /**
     * One word for any shell. A backslash closes the quotes and opens them again, because cron looks at the character
     * after it.
     */
    static String quoted(String word) {
        return PLAIN.matcher(word).matches()
                ? word
                : "'" + word.replace("\\", "\\\1").replace("'", "'\\''").replace("\1", "''") + "'";
    }

    /** The words as a unit of systemd takes them. */
    static String inUnit(List<String> words) {
        return words.stream()
                .map(word -> "\""
                        + word.replace("\\", "\\\\")
                                .replace("\"", "\\\"")
                                .replace("%", "%%")
                                .replace("$", "$$")
                        + "\"")
                .collect(Collectors.joining(" "));
    }
}
