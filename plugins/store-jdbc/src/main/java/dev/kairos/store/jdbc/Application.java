package dev.kairos.store.jdbc;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.Trigger;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.JobView;
import dev.kairos.api.store.KeptFile;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes amendments in a transaction, each whole or not at all. */
final class Application {
    private final WriteTransaction transaction;

    Application(WriteTransaction transaction) {
        this.transaction = transaction;
    }

    /** A decision about the job of a view. */
    record Proposal(JobView view, Amendment amendment) {}

    /** The job as the transaction has it now, locked against every other transaction. */
    JobView view(String jobId) throws SQLException {
        return views(List.of(jobId)).get(0);
    }

    /** The jobs as the transaction has them now, in the order given, locked against every other transaction. */
    List<JobView> views(List<String> jobIds) throws SQLException {
        for (String jobId : jobIds) {
            transaction.settle(jobId);
        }
        Map<String, JobView> views = new HashMap<>();
        for (JobView view : viewsOfRows(JobRows.locked(transaction.session(), jobIds))) {
            views.put(view.jobId(), view);
        }
        Set<String> removed = new LinkedHashSet<>(jobIds);
        removed.removeAll(views.keySet());
        Map<String, List<Execution>> rows = byJob(ExecutionRows.openOfRemoved(transaction.session(), removed));
        for (String jobId : removed) {
            views.put(jobId, new JobView(jobId, Optional.empty(), rows.getOrDefault(jobId, List.of())));
        }
        return jobIds.stream().map(views::get).toList();
    }

    /** The same for jobs whose rows were just read and locked, and about which nothing was written. */
    List<JobView> viewsOfRows(List<JobRows.Read> jobs) throws SQLException {
        Session session = transaction.session();
        JobRows.learn(session, transaction.definitions(), jobs);
        List<String> ids = jobs.stream().map(row -> row.key().jobId()).toList();
        Map<String, List<Execution>> rows = byJob(ExecutionRows.open(session, ids));
        List<JobView> views = new ArrayList<>();
        for (JobRows.Read row : jobs) {
            String id = row.key().jobId();
            views.add(new JobView(
                    id, JobRows.complete(session, transaction.definitions(), row), rows.getOrDefault(id, List.of())));
        }
        return views;
    }

    private static Map<String, List<Execution>> byJob(List<Execution> rows) {
        Map<String, List<Execution>> byJob = new HashMap<>();
        rows.forEach(row ->
                byJob.computeIfAbsent(row.jobId(), id -> new ArrayList<>()).add(row));
        return byJob;
    }

    /**
     * Applies amendments to what their views show, at the cost of few statements.
     *
     * @param proposals about different jobs
     * @return for each, in order, false if it breaks the key of a scheduled execution; nothing of it was then written
     */
    List<Boolean> apply(List<Proposal> proposals) throws SQLException {
        if (proposals.stream().anyMatch(Application::isAboutDefinition)) {
            transaction.counters().revision(); // before any row, as whoever prunes does
        }
        Set<ExecutionRows.Key> keys = new LinkedHashSet<>();
        for (Proposal proposal : proposals) {
            Amendment amendment = proposal.amendment();
            if (!amendment.isNone()) {
                requireSameJob(proposal.view().jobId(), amendment);
                transaction.settle(proposal.view().jobId());
                amendment.rows().stream()
                        .filter(row -> row.trigger() == Trigger.SCHEDULE && !keepsItsKey(proposal.view(), row))
                        .forEach(row -> keys.add(ExecutionRows.Key.of(row)));
            }
        }
        // Hardly ever is a key taken: whoever finds out by the database's refusal looks at the second attempt.
        Map<ExecutionRows.Key, String> holders =
                transaction.looksFirst() ? ExecutionRows.holders(transaction.session(), keys) : Map.of();
        List<Boolean> applied = new ArrayList<>();
        for (Proposal proposal : proposals) {
            applied.add(apply(proposal.view(), proposal.amendment(), holders));
        }
        return applied;
    }

    private static boolean isAboutDefinition(Proposal proposal) {
        Amendment amendment = proposal.amendment();
        return proposal.view().job().isPresent()
                && (amendment.removesJob() || amendment.definition().isPresent());
    }

    /** Applies an amendment that cannot break the key unless the host is wrong. */
    void applyOrRefuse(JobView view, Amendment amendment) throws SQLException {
        if (!apply(List.of(new Proposal(view, amendment))).get(0)) {
            throw new IllegalStateException(
                    "job " + view.jobId() + " has an execution with the same scheduledAt and attempt already");
        }
    }

    private boolean apply(JobView view, Amendment amendment, Map<ExecutionRows.Key, String> holders)
            throws SQLException {
        if (amendment.isNone()) {
            return true;
        }
        if (breaksKey(view, amendment, holders)) {
            return false;
        }
        String jobId = view.jobId();
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
        for (Map.Entry<String, String> output : amendment.outputs().entrySet()) {
            OutputRows.put(transaction, jobId, output.getKey(), output.getValue());
        }
        for (KeptFile file : amendment.files()) {
            OutputRows.put(transaction, jobId, file);
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
        boolean isInPlace =
                amendment.definition().orElse(job.definition()).fault().isPresent();
        if (amendment.engine().isPresent() && isInPlace) {
            JobRows.updateInPlace(transaction, job, amendment.engine().get());
        } else if (amendment.engine().isPresent()) {
            JobRows.update(transaction, job, amendment.engine().get());
        } else if (amendment.definition().isEmpty()) {
            JobRows.touch(transaction, job.id());
        }
    }

    private static boolean breaksKey(JobView view, Amendment amendment, Map<ExecutionRows.Key, String> holders) {
        Map<ExecutionRows.Key, String> own = new HashMap<>();
        for (Execution row : amendment.rows()) {
            if (row.trigger() != Trigger.SCHEDULE) {
                continue;
            }
            ExecutionRows.Key key = ExecutionRows.Key.of(row);
            String holder = own.putIfAbsent(key, row.id());
            if (holder == null && !keepsItsKey(view, row)) {
                holder = holders.get(key);
                if (holder != null && amendment.deletedRows().contains(holder)) {
                    holder = null;
                }
            }
            if (holder != null && !holder.equals(row.id())) {
                return true;
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
