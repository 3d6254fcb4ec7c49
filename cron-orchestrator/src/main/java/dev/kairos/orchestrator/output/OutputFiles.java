package dev.kairos.orchestrator.output;

import dev.kairos.api.env.Environment;
import dev.kairos.api.env.HostFiles;
import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.run.RunResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Keeps one file per execution under {@code cron/output/<jobId>/}. Names begin with the UTC start, so that they sort by
 * age. Thread-safe: different executions have different files. Methods block on the disk. Status: internal.
 */
public final class OutputFiles {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd_HH-mm-ss").withZone(ZoneOffset.UTC);
    private static final int STAMP_LENGTH = "2027-01-15_08-00-00-".length();
    private static final Pattern RELATIVE = Pattern.compile(
            "[A-Za-z0-9_-]{1,64}/[0-9]{4}-[0-9]{2}-[0-9]{2}_[0-9]{2}-[0-9]{2}-[0-9]{2}-[A-Za-z0-9_-]{1,64}\\.md");

    private final Environment environment;
    private final HostFiles files;
    private final Path home;
    private final Path root;

    /** Files of the given home. */
    public OutputFiles(Environment environment, Path home) {
        this.environment = environment;
        this.files = environment.files();
        this.home = home;
        this.root = home.resolve("cron").resolve("output").toAbsolutePath().normalize();
    }

    Path home() {
        return home;
    }

    /**
     * Writes what came of an execution, durably. Saving the same execution again replaces its file.
     *
     * @return the path relative to {@code cron/output}, for the ledger
     * @throws IOException if the disk refuses; nothing was changed
     */
    public String save(Job job, Execution execution, RunResult result) throws IOException {
        String relative = name(job, execution);
        write(relative, OutputPage.write(job, execution, result, environment.now()));
        return relative;
    }

    /** Where an execution's page lies, relative to {@code cron/output}. */
    String name(Job job, Execution execution) {
        Instant at = execution.startedAt().or(execution::claimedAt).orElseGet(environment::now);
        String relative = job.id() + "/" + STAMP.format(at) + "-" + execution.id() + ".md";
        if (locate(relative).isEmpty()) {
            throw new IllegalArgumentException("not a legal execution id: " + execution.id());
        }
        return relative;
    }

    void write(String relative, byte[] page) throws IOException {
        files.replace(root.resolve(relative), page);
    }

    /**
     * The message exactly as it was saved; empty if the file is gone, damaged or outside.
     *
     * @throws IOException if the file is there and cannot be read
     */
    public Optional<String> readMessage(String relative) throws IOException {
        return read(relative).flatMap(OutputPage::message);
    }

    /**
     * The whole page; empty if the file is gone or outside.
     *
     * @throws IOException if the file is there and cannot be read
     */
    public Optional<String> readWhole(String relative) throws IOException {
        return read(relative).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    /** Where the file lies; empty if the text is no output file's. The file need not exist. */
    public Optional<Path> locate(String relative) {
        return RELATIVE.matcher(relative).matches() ? Optional.of(root.resolve(relative)) : Optional.empty();
    }

    private Optional<byte[]> read(String relative) throws IOException {
        Optional<Path> file = locate(relative);
        if (file.isEmpty() || !isInside(file.get())) {
            return Optional.empty();
        }
        return files.read(file.get());
    }

    /** A symbolic link planted in the folder leads nowhere. */
    private boolean isInside(Path file) throws IOException {
        return Files.exists(file) && file.toRealPath().startsWith(root.toRealPath());
    }

    /**
     * Deletes a job's oldest files.
     *
     * @param keep how many of the newest stay, 0 or more
     * @param pinned asked only when there are more than that: the executions whose files stay in any case
     * @throws IOException if a file cannot be deleted; the others stay to be deleted the next time
     */
    public void prune(String jobId, int keep, Supplier<Set<String>> pinned) throws IOException {
        List<Path> newestFirst = new ArrayList<>(pages(jobId));
        if (newestFirst.size() <= keep) {
            return;
        }
        newestFirst.sort(Comparator.<Path>naturalOrder().reversed());
        Set<String> stay = pinned.get();
        for (Path old : newestFirst.subList(keep, newestFirst.size())) {
            if (!stay.contains(executionOf(old))) {
                files.delete(old);
            }
        }
    }

    /** The execution whose page it is: what stands between the time stamp and the ending. */
    private static String executionOf(Path page) {
        String name = page.getFileName().toString();
        return name.substring(Math.min(STAMP_LENGTH, name.length()), name.length() - ".md".length());
    }

    /**
     * Deletes everything a job left, and its folder.
     *
     * @throws IOException if something cannot be deleted
     */
    public void purge(String jobId) throws IOException {
        prune(jobId, 0, Set::of);
        Path folder = folder(jobId);
        if (Files.isDirectory(folder) && files.list(folder).isEmpty()) {
            files.delete(folder);
        }
    }

    private List<Path> pages(String jobId) throws IOException {
        return files.list(folder(jobId)).stream()
                .filter(file ->
                        RELATIVE.matcher(jobId + "/" + file.getFileName()).matches())
                .toList();
    }

    private Path folder(String jobId) {
        if (!Job.isLegalId(jobId)) {
            throw new IllegalArgumentException("not a legal job id: " + jobId);
        }
        return root.resolve(jobId);
    }
}
