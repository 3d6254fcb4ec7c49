package dev.kairos.orchestrator.delivery;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.delivery.Attachment;
import dev.kairos.api.env.Environment;
import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.run.RunResult;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.KeptFile;
import dev.kairos.orchestrator.delivery.FileBounds.Refused;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The files that a run names to be delivered with its message. Taken are those within the job's {@link FileBounds bounds};
 * each other one is named in the message, with the reason. That is judged when the run ends. A store that several machines
 * share keeps them from then on; elsewhere it is judged once more when the file is read: in between it may have become
 * another (docs/adr/0020). Immutable. Status: internal.
 */
public final class NamedFiles {
    /** How many files a message takes along. */
    public static final int MOST = 10;

    /** How large they may be together, in bytes, where a store keeps them for other machines. */
    public static final long LARGEST_TOGETHER = FileBounds.LARGEST;

    private static final int LONGEST_NAME = 120;

    private final Environment environment;
    private final JobStore store;
    private final FileBounds bounds;

    /**
     * The files of one home's jobs.
     *
     * @param userFolder what {@code ~} stands for in a job's workdir
     */
    public NamedFiles(Environment environment, JobStore store, Path home, Path userFolder) {
        this.environment = Objects.requireNonNull(environment);
        this.store = Objects.requireNonNull(store);
        this.bounds = new FileBounds(home, userFolder);
    }

    /**
     * What can be said of a file when it is to be sent.
     *
     * @param attachment the file
     * @param why a clause, where there is none
     */
    public record Read(Optional<Attachment> attachment, String why) {
        static Read of(String path, byte[] bytes) {
            String name = nameOf(path);
            return new Read(Optional.of(Attachment.of(name, MediaTypes.of(name), bytes)), "");
        }
    }

    /**
     * What is left of a result once its files were looked at.
     *
     * @param result names the files that are taken, by their real paths and last, and says of each other one why it is not
     * @param kept the taken ones as they are now, if the store is to keep them for other machines
     */
    public record Settled(RunResult result, List<KeptFile> kept) {}

    /** Looks at the files that a result names. A run that did not succeed takes none along. */
    public Settled settle(Job job, String executionId, RunResult result) {
        if (result.status() != ExecutionStatus.OK) {
            return new Settled(result, List.of());
        }
        FileLines named = FileLines.of(result.message()).and(result.attachments());
        if (named.paths().isEmpty()) {
            return new Settled(result, List.of());
        }
        Look look = new Look(job, executionId, store.keepsOutputs());
        named.paths().forEach(look::at);
        FileLines settled = new FileLines(named.text(), List.copyOf(look.taken)).noting(look.notes);
        return new Settled(result.withTexts(settled.message(), result.error()), look.kept);
    }

    /** One look at the files of one execution. */
    private final class Look {
        private final Job job;
        private final String executionId;
        private final boolean isKeeping;
        private final Set<String> taken = new LinkedHashSet<>();
        private final List<String> notes = new ArrayList<>();
        private final List<KeptFile> kept = new ArrayList<>();
        private long together;

        Look(Job job, String executionId, boolean isKeeping) {
            this.job = job;
            this.executionId = executionId;
            this.isKeeping = isKeeping;
        }

        void at(String path) {
            try {
                Path real = bounds.find(job, path);
                if (taken.contains(real.toString())) {
                    return;
                }
                if (taken.size() == MOST) {
                    throw new Refused("a message takes no more than " + MOST + " files along");
                }
                if (isKeeping) {
                    kept.add(KeptFile.of(executionId, real.toString(), keepable(real)));
                }
                taken.add(real.toString());
            } catch (Refused e) {
                notes.add("(file " + nameOf(path) + " was not attached: " + e.getMessage() + ")");
            }
        }

        private byte[] keepable(Path real) throws Refused {
            byte[] bytes = bytes(real);
            if (together + bytes.length > LARGEST_TOGETHER) {
                throw new Refused("the files of a message may have " + (LARGEST_TOGETHER >> 20)
                        + " MiB together where several machines share a store");
            }
            together += bytes.length;
            return bytes;
        }
    }

    /** Reads a file that the kept message of an execution names: what the store kept of it, or else the file as it is now. */
    public Read read(Job job, String executionId, String path) {
        try {
            Optional<byte[]> kept = store.ledger().file(executionId, path); // on one machine only if a copy brought it
            if (kept.isEmpty() && store.keepsOutputs()) {
                throw new Refused("it is kept no more");
            }
            return Read.of(path, kept.isPresent() ? kept.get() : bytes(bounds.find(job, path)));
        } catch (Refused e) {
            return new Read(Optional.empty(), String.valueOf(e.getMessage()));
        }
    }

    /**
     * Reads files that a person names, and that may lie anywhere.
     *
     * @throws InvalidInputException if one of them cannot be sent, or they are too many
     */
    public static List<Attachment> readAnywhere(Environment environment, List<Path> files) {
        if (files.size() > MOST) {
            throw new InvalidInputException(
                    "file",
                    Integer.toString(files.size()),
                    "a message takes no more than " + MOST + " files along",
                    "send the rest with a second message");
        }
        List<Attachment> read = new ArrayList<>();
        for (Path file : files) {
            try {
                byte[] bytes = bytes(environment, FileBounds.findAnywhere(file.toString()));
                Read.of(file.toString(), bytes).attachment().ifPresent(read::add);
            } catch (Refused e) {
                throw new InvalidInputException(
                        "file",
                        file.toString(),
                        String.valueOf(e.getMessage()),
                        "name a file of at most " + (FileBounds.LARGEST >> 20) + " MiB that you can read");
            }
        }
        return read;
    }

    private byte[] bytes(Path real) throws Refused {
        return bytes(environment, real);
    }

    private static byte[] bytes(Environment environment, Path real) throws Refused {
        byte[] bytes;
        try {
            bytes = environment.files().read(real).orElseThrow(() -> new Refused("it is gone"));
        } catch (IOException e) {
            throw new Refused("it cannot be read");
        }
        if (bytes.length > FileBounds.LARGEST) {
            throw Refused.tooLarge(bytes.length);
        }
        return bytes;
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
