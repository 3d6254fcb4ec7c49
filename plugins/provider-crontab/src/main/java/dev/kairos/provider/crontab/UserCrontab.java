package dev.kairos.provider.crontab;

import dev.kairos.api.env.HostFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The crontab of the user, by way of the {@code crontab} command. It passes through a private file on its way, so that no
 * byte of it is read as text.
 */
final class UserCrontab {
    private static final int LARGEST = 4 << 20;

    private final ChildPrograms programs;
    private final HostFiles files;
    private final String command;
    private final Path passage;

    /**
     * Creates it.
     *
     * @param passage a file in a private folder
     */
    UserCrontab(ChildPrograms programs, HostFiles files, String command, Path passage) {
        this.programs = programs;
        this.files = files;
        this.command = command;
        this.passage = passage;
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

    /** Replaces all of it. */
    void write(String text) throws IOException {
        files.replaceQuickly(passage, Bytes.toBytes(text));
        try {
            ChildPrograms.Ended ended = run("-", "exec \"$0\" - <\"$1\"");
            if (!ended.isWell()) {
                throw refused("-", ended);
            }
        } finally {
            files.delete(passage);
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
