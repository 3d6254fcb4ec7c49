package dev.kairos.builtin;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.api.store.JobStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Copies all that one store holds into another that is empty, or that an earlier copy of the same store did not finish. The
 * source is only read. Nothing may fire on the destination before the copy is whole. Used by one thread.
 *
 * <p>Status: internal.
 */
public final class StoreCopy {
    private static final int BATCH = 500;
    private static final String SOURCE_FACT = StoreContents.COPY_FACTS + "from";

    private final JobStore from;
    private final JobStore to;
    private final Outputs outputs;
    private final Progress progress;

    /** Hears how far the copy is. */
    public interface Progress {
        /** So many of a kind are copied: "jobs", "executions", "deliveries". */
        void copied(String what, long count);
    }

    /** Moves what executions said, where the two stores keep it in different places. */
    public interface Outputs {
        /** The page of an execution as the source has it; empty if there is none any more. */
        Optional<String> page(Execution row) throws IOException;

        /** Keeps a page where a destination that keeps none itself looks for it. */
        void keep(Execution row, String page) throws IOException;
    }

    /** The destination holds something else. */
    public static final class NotEmptyException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotEmptyException(String message) {
            super(message);
        }
    }

    /** A copy that is yet to be made. */
    public StoreCopy(JobStore from, JobStore to, Outputs outputs, Progress progress) {
        this.from = from;
        this.to = to;
        this.outputs = outputs;
        this.progress = progress;
    }

    /**
     * Copies, or goes on with what an earlier call began, and compares.
     *
     * @return what both stores hold now
     * @throws NotEmptyException if the destination holds anything but an unfinished copy of the same source; nothing was
     *     changed
     * @throws IllegalStateException if the two differ afterwards, because somebody wrote meanwhile
     */
    public StoreContents run() {
        String source = from.jobs().changesSince(Long.MAX_VALUE).storeId();
        begin(source);
        Set<String> jobIds = new TreeSet<>();
        jobs(jobIds);
        executions(jobIds);
        envelopes(jobIds);
        engines();
        StoreContents.facts(from)
                .forEach((name, value) -> to.ledger()
                        .keepFact(
                                name,
                                Optional.ofNullable(to.ledger().facts(name).get(name)),
                                Optional.of(value)));
        StoreContents copied = StoreContents.of(to);
        if (!copied.equals(StoreContents.of(from))) {
            throw new IllegalStateException("the copy is not what the source is now: somebody wrote to one of them");
        }
        to.ledger().keepFact(SOURCE_FACT, Optional.of(source), Optional.empty());
        return copied;
    }

    private void begin(String source) {
        Optional<String> begun =
                Optional.ofNullable(to.ledger().facts(SOURCE_FACT).get(SOURCE_FACT));
        if (begun.isPresent()) {
            if (!begun.get().equals(source)) {
                throw new NotEmptyException("it holds an unfinished copy of another store");
            }
            return;
        }
        boolean isEmpty = to.jobs().list().isEmpty()
                && to.ledger().list(ExecutionQuery.newest(1)).isEmpty()
                && StoreContents.facts(to).isEmpty();
        if (!isEmpty) {
            throw new NotEmptyException("it holds jobs or runs already");
        }
        to.ledger().keepFact(SOURCE_FACT, Optional.empty(), Optional.of(source));
    }

    private void jobs(Set<String> jobIds) {
        List<Job> batch = new ArrayList<>();
        long copied = 0;
        for (Job job : from.jobs().list()) {
            jobIds.add(job.id());
            batch.add(job);
            if (batch.size() == BATCH) {
                to.jobs().create(batch);
                copied += batch.size();
                progress.copied("jobs", copied);
                batch.clear();
            }
        }
        to.jobs().create(batch);
        progress.copied("jobs", copied + batch.size());
    }

    private void executions(Set<String> jobIds) {
        long[] copied = new long[1];
        StoreContents.executions(from, page -> {
            Map<String, Amendment.Builder> byJob = new LinkedHashMap<>();
            for (Execution row : page) {
                jobIds.add(row.jobId());
                Amendment.Builder builder = byJob.computeIfAbsent(row.jobId(), id -> Amendment.builder());
                builder.row(row);
                output(row, builder);
            }
            byJob.forEach((id, rows) -> to.claims().decide(id, view -> rows.build()));
            copied[0] += page.size();
            progress.copied("executions", copied[0]);
        });
    }

    private void output(Execution row, Amendment.Builder builder) {
        try {
            Optional<String> page = row.output().isEmpty() ? Optional.empty() : outputs.page(row);
            if (page.isPresent() && to.keepsOutputs()) {
                builder.output(row.id(), page.get());
            } else if (page.isPresent()) {
                outputs.keep(row, page.get());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the output of execution " + row.id() + " cannot be copied", e);
        }
    }

    private void envelopes(Set<String> jobIds) {
        long copied = 0;
        for (String jobId : jobIds) {
            List<Envelope> envelopes = StoreContents.envelopes(from, jobId);
            if (!envelopes.isEmpty()) {
                to.claims().decide(jobId, view -> {
                    Amendment.Builder builder = Amendment.builder();
                    envelopes.forEach(builder::envelope);
                    return builder.build();
                });
                copied += envelopes.size();
                progress.copied("deliveries", copied);
            }
        }
    }

    /** A job that was copied by an earlier call stands where it stood then. */
    private void engines() {
        for (Job job : from.jobs().list()) {
            to.claims()
                    .decide(
                            job.id(),
                            view -> view.job()
                                            .filter(there -> !there.engine().equals(job.engine()))
                                            .isPresent()
                                    ? Amendment.builder().engine(job.engine()).build()
                                    : Amendment.none());
        }
    }
}
