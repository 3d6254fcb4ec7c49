package dev.kairos.store.jdbc;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.Trigger;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.JobView;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Writes amendments in a transaction, each whole or not at all. */
final class Application {
    private final WriteTransaction transaction;

    Application(WriteTransaction transaction) {
        this.transaction = transaction;
    }

    /** The job as the transaction has it now. */
    JobView view(String jobId) throws SQLException {
        transaction.settle(jobId);
        Session session = transaction.session();
        return view(jobId, JobRows.find(session, transaction.definitions(), jobId));
    }

    /** The same for a job whose row was just read. */
    JobView view(JobRows.Read row) throws SQLException {
        return view(row.key().jobId(), JobRows.complete(transaction.session(), transaction.definitions(), row));
    }

    private JobView view(String jobId, Optional<Job> job) throws SQLException {
        return new JobView(jobId, job, ExecutionRows.open(transaction.session(), jobId));
    }

    /**
     * Applies an amendment to what the view shows.
     *
     * @return false if it breaks the key of a scheduled execution; nothing of it was then written
     */
    boolean apply(JobView view, Amendment amendment) throws SQLException {
        if (amendment.isNone()) {
            return true;
        }
        String jobId = view.jobId();
        requireSameJob(jobId, amendment);
        transaction.settle(jobId);
        if (breaksKey(view, amendment)) {
            return false;
        }
        for (String id : amendment.deletedRows()) {
            delete(jobId, id);
        }
        for (Execution row : amendment.rows()) {
            if (keepsItsKey(view, row)) {
                ExecutionRows.update(transaction, row);
            } else {
                ExecutionRows.put(transaction, row);
            }
        }
        for (Envelope envelope : amendment.envelopes()) {
            insert(envelope, view.job().isPresent());
        }
        if (view.job().isPresent()) {
            amendJob(view.job().get(), amendment);
        } else if (!amendment.rows().isEmpty()) {
            ExecutionRows.spareAll(transaction, jobId);
        }
        return true;
    }

    /** Applies an amendment that cannot break the key unless the host is wrong. */
    void applyOrRefuse(JobView view, Amendment amendment) throws SQLException {
        if (!apply(view, amendment)) {
            throw new IllegalStateException(
                    "job " + view.jobId() + " has an execution with the same scheduledAt and attempt already");
        }
    }

    private void amendJob(Job job, Amendment amendment) throws SQLException {
        if (amendment.removesJob()) {
            EnvelopeRows.cancelOpen(transaction, job.id());
            ExecutionRows.spareAll(transaction, job.id());
            JobRows.delete(transaction, job.id());
            return;
        }
        if (amendment.definition().isPresent()) {
            JobRows.redefine(transaction, job, amendment.definition().get());
        }
        if (amendment.engine().isPresent()) {
            JobRows.update(transaction, job, amendment.engine().get());
        } else if (amendment.definition().isEmpty()) {
            JobRows.touch(transaction, job.id());
        }
    }

    private boolean breaksKey(JobView view, Amendment amendment) throws SQLException {
        Map<String, String> holders = new HashMap<>();
        for (Execution row : amendment.rows()) {
            if (row.trigger() == Trigger.SCHEDULE) {
                String key = row.scheduledAt().toEpochMilli() + "/" + row.attempt();
                String holder = holders.putIfAbsent(key, row.id());
                if (holder == null && keepsItsKey(view, row)) {
                    continue;
                }
                if (holder == null) {
                    holder = ExecutionRows.holderOfKey(transaction.session(), row)
                            .filter(id -> !amendment.deletedRows().contains(id))
                            .orElse(row.id());
                }
                if (!holder.equals(row.id())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether the row replaces an open one and stands for the same attempt. */
    private static boolean keepsItsKey(JobView view, Execution row) {
        for (Execution open : view.openRows()) {
            if (open.id().equals(row.id())) {
                return open.trigger() == row.trigger()
                        && open.attempt() == row.attempt()
                        && open.scheduledAt().equals(row.scheduledAt());
            }
        }
        return false;
    }

    private void delete(String jobId, String id) throws SQLException {
        Optional<Execution> row = ExecutionRows.find(transaction.session(), id);
        if (row.isPresent()) {
            requireSame(jobId, row.get().jobId());
            ExecutionRows.delete(transaction, row.get());
        }
    }

    private void insert(Envelope envelope, boolean jobExists) throws SQLException {
        boolean asItIs = jobExists || !envelope.state().isOpen();
        EnvelopeRows.insert(transaction, asItIs ? envelope : EnvelopeRows.cancelled(envelope));
    }

    private static void requireSameJob(String jobId, Amendment amendment) {
        amendment.rows().forEach(row -> requireSame(jobId, row.jobId()));
        amendment.envelopes().forEach(envelope -> requireSame(jobId, envelope.jobId()));
    }

    private static void requireSame(String jobId, String other) {
        if (!jobId.equals(other)) {
            throw new IllegalArgumentException("an amendment of job " + jobId + " writes about job " + other);
        }
    }
}
