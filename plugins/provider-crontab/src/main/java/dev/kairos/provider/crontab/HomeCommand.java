package dev.kairos.provider.crontab;

import dev.kairos.api.CronContext;
import dev.kairos.api.FireCommandLine;
import dev.kairos.api.job.Job;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * How a job of one home is fired from outside. The home is the command's word after {@code --home}.
 *
 * @param line the host's command
 * @param home the home folder
 */
record HomeCommand(FireCommandLine line, Path home) {
    private static final String OPTION = "--home";
    private static final int ID_BYTES = 6;

    /**
     * The command of the host.
     *
     * @throws Refusal where the host has none
     */
    static HomeCommand of(CronContext context) {
        FireCommandLine line = context.capability(FireCommandLine.class)
                .orElseThrow(() -> new Refusal("no command fires a job of this host, so nothing outside can: crontab is"
                        + " for the kairos command, not for an application that embeds Kairos; use builtin here"));
        return new HomeCommand(line, real(home(line.fire(Job.WAKE_ID))));
    }

    /** One home has one block, whatever links lead to it. */
    private static Path real(Path home) {
        try {
            return home.toRealPath();
        } catch (IOException absent) {
            return home;
        }
    }

    private static Path home(List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).startsWith(OPTION + "=")) {
                return Path.of(words.get(i).substring(OPTION.length() + 1));
            }
            if (words.get(i).equals(OPTION) && i + 1 < words.size()) {
                return Path.of(words.get(i + 1));
            }
        }
        throw new Refusal("the host's fire command names no home (" + OPTION + " DIR): " + words);
    }

    List<String> fire(String jobId) {
        return line.fire(jobId);
    }

    /** Names the home among those of one user; the same as long as the home lies where it lies. */
    String id() {
        try {
            byte[] sum =
                    MessageDigest.getInstance("SHA-256").digest(home.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sum, 0, ID_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The minute of the hour in which this home looks after itself; spread over the hour. */
    int safetyMinute() {
        return Integer.parseInt(id().substring(0, 4), 16) % 60;
    }
}
