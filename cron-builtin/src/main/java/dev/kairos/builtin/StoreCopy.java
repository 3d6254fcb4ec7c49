package dev.kairos.builtin;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.api.store.JobDecider;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.StoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Copies all that one store holds into another that is empty, or that an earlier copy of the same store did not finish. The
 * source is only read. Until the copy is whole no runtime opens the destination. Used by one thread.
 *
 * <p>Status: internal.
 */
public final class StoreCopy {
    private static final int BATCH = 500;

    private final CopySource source;
    private final JobStore from;
    private final JobStore to;
    private final CopiedOutputs outputs;
    private final Progress progress;

    /** Hears how far the copy is. */
    public interface Progress {
        /** So many of a kind are copied: "jobs", "executions", "deliveries". */
        void copied(String what, long count);

        /** All is there, and was compared; throws if the copy must not count as whole all the same. */
        default void compared() {}
    }

    /** The destination holds something else. */
    public static final class NotEmptyException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotEmptyException(String message) {
            super(message);
        }
    }

    /** A copy that is yet to be made. */
    public StoreCopy(CopySource source, JobStore to, CopiedOutputs.Pages pages, Progress progress) {
        this.source = source;
        this.from = source.store();
        this.to = to;
        this.outputs = new CopiedOutputs(to, pages);
        this.progress = progress;
    }

    /**
     * Refuses to work on a store in which a copy was begun and not finished.
     *
     * @param shown its URL without secrets
     * @throws StoreException of kind {@code UNUSABLE}
     */
    public static void requireWhole(JobStore store, String shown) {
        Map<String, String> marks = store.ledger().facts(StoreContents.COPY_FACTS);
        if (!marks.isEmpty()) {
            String source = CopySource.shownIn(marks.values().iterator().next());
            throw new StoreException(
                    StoreException.Kind.UNUSABLE,
                    "The store " + shown + " holds an unfinished copy of " + source
                            + ", and nothing works on half of it. What to do: copy once more, which goes on where it ended"
                            + " (kairos store migrate --from " + source + " --to " + shown + "), or work on " + source
                            + " by store.url; to throw the copy away, " + disposal(shown)
                            + ", which takes nothing from what was copied",
                    null);
        }
    }

    private static String disposal(String shown) {
        return shown.startsWith("jdbc:sqlite:")
                ? "delete its file, and those beside it that end in -wal and -shm"
                : "drop the schema of its tables (kairos, or what currentSchema names: DROP SCHEMA kairos CASCADE)";
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
        boolean isGoingOn = begin();
        jobs();
        executions();
        envelopes();
        if (isGoingOn) {
            engines();
        }
        facts();
        StoreContents copied = StoreContents.of(to);
        if (!copied.equals(StoreContents.of(from))) {
            throw new IllegalStateException("the copy is not what the source is now: somebody wrote to one of them");
        }
        progress.compared();
        to.ledger().keepFact(CopySource.FACT, fact(CopySource.FACT), Optional.empty());
        return copied;
    }

    /** What came of the outputs. */
    public CopiedOutputs outputs() {
        return outputs;
    }

    /** Answers whether an earlier one left jobs; a destination that was made for this one bears the mark too. */
    private boolean begin() {
        Optional<String> begun = fact(CopySource.FACT);
        if (begun.filter(source::isNamedBy).isPresent()) {
            requireUnused();
            return hasJobs();
        }
        if (hasJobs() || !to.ledger().list(ExecutionQuery.newest(1)).isEmpty()) {
            throw new NotEmptyException(begun.map(mark -> "it holds an unfinished copy of " + CopySource.shownIn(mark))
                    .orElse("it holds jobs or runs already"));
        }
        to.ledger().keepFact(CopySource.FACT, begun, Optional.of(source.mark()));
        return false;
    }

    private Optional<String> fact(String name) {
        return Optional.ofNullable(to.ledger().facts(name).get(name));
    }

    private boolean hasJobs() {
        try {
            to.jobs().each(job -> {
                throw new JobMetException();
            });
            return false;
        } catch (JobMetException met) {
            return true;
        }
    }

    /** Ends the reading of jobs with the first of them. */
    private static final class JobMetException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        JobMetException() {
            super("a job", null, false, false);
        }
    }

    /** An older program may have worked on half of a copy: going on would take back what it recorded. */
    private void requireUnused() {
        to.jobs().each(there -> {
            Optional<Job> here = from.jobs().find(there.id());
            if (here.isEmpty()) {
                throw new NotEmptyException(
                        "job " + there.id() + " was removed from the source since the copy was begun");
            }
            if (isAhead(there.engine(), here.get().engine())) {
                throw new NotEmptyException("job " + there.id() + " ran there since the copy was begun");
            }
        });
    }

    private static boolean isAhead(EngineState there, EngineState here) {
        return there.runCount() > here.runCount()
                || there.lastScheduledAt()
                        .filter(at -> here.lastScheduledAt()
                                .filter(last -> !at.isAfter(last))
                                .isEmpty())
                        .isPresent();
    }

    private void jobs() {
        List<Job> batch = new ArrayList<>();
        long[] copied = new long[1];
        from.jobs().eachAsKept(job -> {
            batch.add(job);
            if (batch.size() == BATCH) {
                create(batch, copied);
            }
        });
        create(batch, copied);
    }

    private void create(List<Job> batch, long[] copied) {
        to.jobs().create(List.copyOf(batch));
        copied[0] += batch.size();
        batch.clear();
        progress.copied("jobs", copied[0]);
    }

    private void executions() {
        Set<String> undelivered = undelivered();
        long[] copied = new long[1];
        StoreContents.executions(from, page -> {
            Changes changes = new Changes();
            page.forEach(row -> {
                Amendment.Builder change = changes.of(row.jobId()).row(row);
                if (outputs.add(row, undelivered.contains(row.id()), change)) {
                    changes.write();
                }
            });
            changes.write();
            copied[0] += page.size();
            progress.copied("executions", copied[0]);
        });
    }

    /** The executions whose message somebody has yet to get, or may be sent again. */
    private Set<String> undelivered() {
        Set<String> executions = new HashSet<>();
        from.outbox().each(envelope -> {
            boolean isDone = envelope.state() == EnvelopeState.DELIVERED || envelope.state() == EnvelopeState.CANCELLED;
            if (!isDone && envelope.content() == Envelope.Content.RESULT) {
                executions.add(envelope.executionId());
            }
        });
        return executions;
    }

    private void envelopes() {
        Changes changes = new Changes();
        long[] copied = new long[1];
        from.outbox().each(envelope -> {
            changes.of(envelope.jobId()).envelope(envelope);
            copied[0]++;
            if (copied[0] % BATCH == 0) {
                changes.write();
                progress.copied("deliveries", copied[0]);
            }
        });
        changes.write();
        progress.copied("deliveries", copied[0]);
    }

    /** A job that was copied by an earlier call stands where it stood then. */
    private void engines() {
        Changes changes = new Changes();
        from.jobs().each(job -> {
            boolean isBehind = to.jobs()
                    .find(job.id())
                    .filter(there -> !there.engine().equals(job.engine()))
                    .isPresent();
            if (isBehind) {
                changes.of(job.id()).engine(job.engine());
                if (changes.size() == BATCH) {
                    changes.write();
                }
            }
        });
        changes.write();
    }

    /** A store that was served while it was empty has facts of its own. */
    private void facts() {
        Map<String, Optional<String>> wanted = new TreeMap<>();
        Set<String> names = new TreeSet<>(StoreContents.facts(to).keySet());
        names.forEach(name -> wanted.put(name, Optional.empty()));
        StoreContents.facts(from).forEach((name, value) -> wanted.put(name, Optional.of(value)));
        wanted.forEach((name, value) -> {
            Optional<String> there = fact(name);
            if (!there.equals(value)) {
                to.ledger().keepFact(name, there, value);
            }
        });
    }

    /** What is to be written about several jobs. */
    private final class Changes {
        private final Map<String, Amendment.Builder> byJob = new HashMap<>();

        Amendment.Builder of(String jobId) {
            return byJob.computeIfAbsent(jobId, id -> Amendment.builder());
        }

        int size() {
            return byJob.size();
        }

        void write() {
            if (byJob.isEmpty()) {
                return;
            }
            Map<String, JobDecider> deciders = new TreeMap<>();
            byJob.forEach((id, change) -> {
                Amendment built = change.build();
                deciders.put(id, view -> built);
            });
            to.claims().decideAll(deciders);
            byJob.clear();
        }
    }
}
