package dev.kairos.orchestrator.delivery;

import dev.kairos.api.delivery.Attachment;
import dev.kairos.api.env.Environment;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.run.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The files that a run names to be delivered with its message. Taken are regular files inside the job's workdir, its state
 * folder or the kept outputs, links followed first; each other one is named in the message, with the reason. What may be
 * taken is judged when the run ends, and once more when the file is read: in between it may have become another
 * (docs/adr/0020). Immutable. Status: internal.
 */
public final class NamedFiles {
    /** How many files a message takes along. */
    public static final int MOST = 10;

    /** How large each may be, in bytes. */
    public static final long LARGEST = 10L << 20;

    private static final int LONGEST_NAME = 120;

    private final Environment environment;
    private final Path home;
    private final Path userFolder;

    /**
     * The files of one home's jobs.
     *
     * @param userFolder what {@code ~} stands for in a job's workdir
     */
    public NamedFiles(Environment environment, Path home, Path userFolder) {
        this.environment = Objects.requireNonNull(environment);
        this.home = home.toAbsolutePath().normalize();
        this.userFolder = Objects.requireNonNull(userFolder);
    }

    /** A file that is not taken. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String why) {
            super(why, null, false, false);
        }
    }

    /**
     * What can be said of a file when it is to be sent.
     *
     * @param attachment the file
     * @param why a clause, where there is none
     */
    public record Read(Optional<Attachment> attachment, String why) {}

    /**
     * A result whose message names the files that are taken, by their real paths and last, and says of each other one why
     * it is not. A run that did not succeed takes no file along.
     */
    public RunResult settle(Job job, RunResult result) {
        if (result.status() != ExecutionStatus.OK) {
            return result;
        }
        FileLines named = FileLines.of(result.message()).and(result.attachments());
        if (named.paths().isEmpty()) {
            return result;
        }
        List<String> taken = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (String path : named.paths()) {
            try {
                String real = find(job, path).toString();
                if (taken.size() == MOST && !taken.contains(real)) {
                    throw new Refused("a message takes no more than " + MOST + " files along");
                }
                if (!taken.contains(real)) {
                    taken.add(real);
                }
            } catch (Refused e) {
                notes.add("(file " + nameOf(path) + " was not attached: " + e.getMessage() + ")");
            }
        }
        FileLines settled = new FileLines(named.text(), taken).noting(notes);
        return result.withTexts(settled.message(), result.error());
    }

    /** Reads a file that a kept message names. */
    public Read read(Job job, String path) {
        try {
            Path real = find(job, path);
            byte[] bytes = environment.files().read(real).orElseThrow(() -> new Refused("it is gone"));
            if (bytes.length > LARGEST) {
                throw tooLarge(bytes.length);
            }
            String name = nameOf(path);
            return new Read(Optional.of(Attachment.of(name, MediaTypes.of(name), bytes)), "");
        } catch (Refused e) {
            return new Read(Optional.empty(), String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return new Read(Optional.empty(), "it cannot be read");
        }
    }

    private Path find(Job job, String path) throws Refused {
        Path real;
        try {
            real = Path.of(path).toRealPath();
        } catch (IOException | InvalidPathException e) {
            throw new Refused("there is no such file on this machine");
        }
        if (!isWithin(job, real)) {
            throw new Refused("it lies outside the job's workdir, its state folder and cron/output");
        }
        if (!Files.isRegularFile(real)) {
            throw new Refused("it is no regular file");
        }
        try {
            long size = Files.size(real);
            if (size > LARGEST) {
                throw tooLarge(size);
            }
        } catch (IOException e) {
            throw new Refused("it cannot be read");
        }
        if (real.toString().chars().anyMatch(c -> c < 0x20)) {
            throw new Refused("its name is no line of text");
        }
        return real;
    }

    private static Refused tooLarge(long bytes) {
        return new Refused(
                "it has " + (bytes + (1 << 20) - 1) / (1 << 20) + " MiB, and " + (LARGEST >> 20) + " MiB are the most");
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

    /** The last piece of the path, as it is shown. */
    public static String nameOf(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1)
                .replace('\\', '_')
                .replaceAll("\\p{Cntrl}+", " ")
                .strip();
        int from = name.codePointCount(0, name.length()) - LONGEST_NAME;
        String shown =
                from > 0 ? name.substring(name.offsetByCodePoints(0, from)) : name; // the ending tells what it is
        return shown.isBlank() ? "file" : shown;
    }
}
