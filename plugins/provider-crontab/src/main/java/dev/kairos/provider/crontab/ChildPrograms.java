package dev.kairos.provider.crontab;

import dev.kairos.api.env.ChildProcess;
import dev.kairos.api.env.Environment;
import dev.kairos.api.env.ProcessSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Short programs of the machine, bounded in time and output. */
final class ChildPrograms {
    private static final Duration BOUND = Duration.ofSeconds(10);
    private static final int OUTPUT = 1 << 16;
    private static final Path ROOT = Path.of("/");

    private final Environment environment;
    private final Map<String, String> variables;

    /**
     * Programs with an environment of their own.
     *
     * @param given what to pass on; a PATH and the plain locale are added, because what they say is read
     */
    ChildPrograms(Environment environment, Map<String, String> given) {
        this.environment = environment;
        Map<String, String> all = new HashMap<>(given);
        all.put("PATH", CrontabSettings.DEFAULT_PATH);
        all.put("LC_ALL", "C");
        this.variables = Map.copyOf(all);
    }

    /**
     * How a program ended.
     *
     * @param exitCode its exit code
     * @param out what it said
     * @param trouble what it complained of, in one line
     */
    record Ended(int exitCode, String out, String trouble) {
        boolean isWell() {
            return exitCode == 0;
        }
    }

    /**
     * Runs it to its end.
     *
     * @param shown what a person knows it by
     * @throws Refusal when it cannot be started or does not end
     */
    Ended run(String shown, List<String> command) {
        try {
            ChildProcess child = environment.processes().start(new ProcessSpec(command, ROOT, variables, OUTPUT));
            if (!awaited(child)) {
                throw new Refusal(shown + " did not end within " + BOUND.toSeconds() + " s and was ended: try it in a"
                        + " shell of this user");
            }
            String trouble = child.stderr().strip().replaceAll("\\s*\\R\\s*", "; ");
            return new Ended(child.exitCode(), child.stdout(), trouble);
        } catch (IOException e) {
            throw new Refusal(shown + " cannot be started: " + Refusal.words(e), e);
        }
    }

    private static boolean awaited(ChildProcess child) {
        boolean isOver = false;
        try {
            isOver = child.await(BOUND);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("interrupted while a program was asked", e);
        } finally {
            if (!isOver) {
                child.killTree(Duration.ofSeconds(1));
            }
        }
        return isOver;
    }
}
