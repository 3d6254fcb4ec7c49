package dev.kairos.orchestrator.delivery;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobField;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the files lie that a job may have delivered, and how large they may be: regular files inside its workdir, its state
 * folder or the kept outputs, links followed first (docs/adr/0020).
 *
 * @param home the home's folder
 * @param userFolder what {@code ~} stands for in a job's workdir
 */
record FileBounds(Path home, Path userFolder) {
    /** How large a file may be, in bytes. */
    static final long LARGEST = 10L << 20;

    FileBounds {
        home = home.toAbsolutePath().normalize();
    }

    /** A file that is not taken. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String why) {
            super(why, null, false, false);
        }

        static Refused tooLarge(long bytes) {
            return new Refused("it has " + (bytes + (1 << 20) - 1) / (1 << 20) + " MiB, and " + (LARGEST >> 20)
                    + " MiB are the most");
        }
    }

    /** The real path of a file that the job may have delivered. */
    Path find(Job job, String path) throws Refused {
        Path real = real(path);
        if (!isWithin(job, real)) {
            throw new Refused("it lies outside the job's workdir, its state folder and cron/output");
        }
        return sendable(real);
    }

    /** The real path of a file that a person names: it may lie anywhere. */
    static Path findAnywhere(String path) throws Refused {
        return sendable(real(path));
    }

    private static Path real(String path) throws Refused {
        try {
            return Path.of(path).toRealPath();
        } catch (IOException | InvalidPathException e) {
            throw new Refused("there is no such file on this machine");
        }
    }

    private static Path sendable(Path real) throws Refused {
        if (!Files.isRegularFile(real)) {
            throw new Refused("it is no regular file");
        }
        try {
            long size = Files.size(real);
            if (size > LARGEST) {
                throw Refused.tooLarge(size);
            }
        } catch (IOException e) {
            throw new Refused("it cannot be read");
        }
        if (real.toString().chars().anyMatch(c -> c < 0x20)) {
            throw new Refused("its name is no line of text");
        }
        return real;
    }

    private boolean isWithin(Job job, Path file) {
        Path cron = home.resolve("cron");
        return isBelow(cron.resolve("state").resolve(job.id()), file)
                || isBelow(cron.resolve("output"), file)
                || workdir(job).filter(folder -> isBelow(folder, file)).isPresent() && !isOfTheHomeAround(job, file);
    }

    /** A workdir that holds the whole home does not give away the home's secrets. */
    private boolean isOfTheHomeAround(Job job, Path file) {
        return workdir(job).filter(folder -> isBelow(folder, real(home))).isPresent() && isBelow(home, file);
    }

    private Optional<Path> workdir(Job job) {
        String wanted = job.definition().get(JobField.WORKDIR, "").strip();
        try {
            return wanted.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            wanted.startsWith("~/") ? userFolder.resolve(wanted.substring(2)) : home.resolve(wanted));
        } catch (InvalidPathException malformed) {
            return Optional.empty();
        }
    }

    private static boolean isBelow(Path folder, Path real) {
        return real.startsWith(real(folder));
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path; // nothing real lies below what is not there
        }
    }
}
