package dev.kairos.orchestrator.output;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.env.Environment;
import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.run.RunResult;
import dev.kairos.api.store.JobStore;
import dev.kairos.orchestrator.OutputStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Output files of which each job keeps the newest, and those that an open envelope still needs; beside them the pages that
 * the store keeps for other machines, where it does. Where it does not, those of other homes that share the store are read
 * where they lie. Thread-safe. Status: internal.
 */
public final class KeptOutputs implements OutputStore {
    /** How many files a job keeps unless told otherwise. */
    public static final int KEPT = 50;

    private static final Logger LOG = LoggerFactory.getLogger("cron.output");
    private static final int MOST_ENVELOPES = 10_000;
    private static final Set<EnvelopeState> OPEN = EnumSet.copyOf(EnumSet.allOf(EnvelopeState.class).stream()
            .filter(EnvelopeState::isOpen)
            .toList());

    private final Environment environment;
    private final OutputFiles files;
    private final JobStore store;
    private final OutputHomes homes;
    private final int keep;

    /**
     * Prunes after each save.
     *
     * @param keep how many of a job's newest files stay, 1 or more
     */
    public KeptOutputs(Environment environment, OutputFiles files, JobStore store, int keep) {
        if (keep < 1) {
            throw new IllegalArgumentException("keep must be positive: " + keep);
        }
        this.environment = environment;
        this.files = files;
        this.store = store;
        this.homes = new OutputHomes(environment, store, files.home());
        this.keep = keep;
    }

    @Override
    public Saved save(Job job, Execution execution, RunResult result) throws IOException {
        String name = files.name(job, execution);
        byte[] page = OutputPage.write(job, execution, result, environment.now());
        boolean isInStore = store.keepsOutputs();
        if (!isInStore) {
            homes.join();
        }
        try {
            files.write(name, page);
            prune(job);
        } catch (IOException e) {
            if (!isInStore) {
                throw e;
            }
            LOG.warn("cron.output no-file job={} the store keeps it; mend this machine's disk", job.id(), e);
        }
        return new Saved(name, isInStore ? Optional.of(new String(page, StandardCharsets.UTF_8)) : Optional.empty());
    }

    private void prune(Job job) {
        try {
            files.prune(job.id(), keep, () -> pinned(job.id()));
        } catch (IOException | RuntimeException trouble) { // the output is safe; what is left over can wait
            LOG.warn("cron.output not-pruned job={} old files stay until the next run", job.id(), trouble);
        }
    }

    private Set<String> pinned(String jobId) {
        return store.outbox().list(Optional.of(jobId), OPEN, MOST_ENVELOPES).stream()
                .map(Envelope::executionId)
                .collect(Collectors.toSet());
    }

    @Override
    public Optional<String> message(Execution row) throws IOException {
        return page(row).flatMap(page -> OutputPage.message(page.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * The whole page: this home's file, else what the store keeps, else the file of another home that shares the store;
     * empty if the attempt kept none, or it is gone.
     *
     * @throws IOException if the file is there and cannot be read
     */
    public Optional<String> page(Execution row) throws IOException {
        if (row.output().isEmpty()) {
            return Optional.empty();
        }
        Optional<String> page = files.readWhole(row.output().get());
        if (page.isEmpty()) {
            page = store.ledger().output(row.id());
        }
        return page.isPresent() || store.keepsOutputs()
                ? page
                : homes.page(row.output().get());
    }

    /** Whether the page is a file, of this home or of another that shares the store. */
    public boolean isFile(Execution row) {
        Optional<String> name = row.output();
        return name.flatMap(files::locate).filter(Files::exists).isPresent()
                || name.isPresent() && !store.keepsOutputs() && homes.isThere(name.get());
    }

    /**
     * Writes a page that another machine or store had, unless its file is there.
     *
     * @throws IOException if the disk refuses
     */
    public void restore(Execution row, String page) throws IOException {
        Optional<String> name = row.output();
        if (name.isPresent()
                && files.locate(name.get()).isPresent()
                && files.readWhole(name.get()).isEmpty()) {
            files.write(name.get(), page.getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * Forgets everything that the runs of a job said.
     *
     * @throws IOException if a file cannot be deleted
     */
    public void purge(String jobId) throws IOException {
        store.ledger().purgeOutputs(jobId);
        files.purge(jobId); // not other homes' files: the store may be a copy of theirs
    }
}
