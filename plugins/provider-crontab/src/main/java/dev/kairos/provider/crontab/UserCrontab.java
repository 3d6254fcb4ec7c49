package dev.kairos.provider.crontab;

import dev.kairos.api.env.Environment;
import dev.kairos.api.env.HostFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/**
 * The crontab of the user, by way of the {@code crontab} command. It passes through a private file on its way, so that no
 * byte of it is read as text.
 */
final class UserCrontab {
    private static final int LARGEST = 4 << 20;

    private final ChildPrograms programs;
    private final Environment environment;
    private final HostFiles files;
    private final String command;
    private final Path passage;
    private final Path written;

    /**
     * Creates it.
     *
     * @param passage a file in a private folder
     */
    UserCrontab(ChildPrograms programs, Environment environment, String command, Path passage) {
        this.programs = programs;
        this.environment = environment;
        this.files = environment.files();
        this.command = command;
        this.passage = passage;
        this.written = passage.resolveSibling("crontab.written");
    }

    /** All of it, one character for each byte; empty where the user has none. */
    String read() throws IOException {
        files.replaceQuickly(passage, new byte[0]);
        try {
            ChildPrograms.Ended ended = run("-l", "exec \"$0\" -l >\"$1\"");
            if (!ended.isWell() && !ended.trouble().toLowerCase(Locale.ROOT).contains("no crontab")) {
                throw refused("-l", ended);
            }
            byte[] bytes = files.read(passage).orElse(new byte[0]);
            if (bytes.length > LARGEST) {
                throw new Refusal(
                        "the crontab has " + bytes.length + " bytes, more than " + LARGEST + "; it is left alone");
            }
            return ended.isWell() ? Bytes.ofBytes(bytes) : "";
        } finally {
            files.delete(passage);
        }
    }

    /**
     * Replaces all of it, but not in the second in which this home replaced it before: cron looks at whole seconds, and
     * where it read between the two it would not read again.
     */
    void write(String text) throws IOException {
        awaitAnotherSecond();
        files.replaceQuickly(passage, Bytes.toBytes(text));
        try {
            ChildPrograms.Ended ended = run("-", "exec \"$0\" - <\"$1\"");
            if (!ended.isWell()) {
                throw refused("-", ended);
            }
            files.replaceQuickly(written, new byte[0]);
        } finally {
            files.delete(passage);
        }
    }

    private void awaitAnotherSecond() throws IOException {
        Instant now = environment.now();
        Instant second = now.truncatedTo(ChronoUnit.SECONDS);
        boolean isAgain = files.modifiedAt(written)
                .map(at -> at.truncatedTo(ChronoUnit.SECONDS))
                .filter(second::equals)
                .isPresent();
        if (!isAgain) {
            return;
        }
        try {
            environment.sleep(Duration.between(now, second.plusSeconds(1)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("interrupted before the crontab was written", e);
        }
    }

    private ChildPrograms.Ended run(String option, String script) {
        return programs.run(command + " " + option, List.of("/bin/sh", "-c", script, command, passage.toString()));
    }

    private Refusal refused(String option, ChildPrograms.Ended ended) {
        return new Refusal(command + " " + option + " failed (exit " + ended.exitCode() + "): "
                + (ended.trouble().isEmpty() ? "it does not say why" : ended.trouble())
                + ". The crontab is as it was; see /etc/cron.allow and /etc/cron.deny, or set cron.crontab.command");
    }
}
