package dev.kairos.testkit.sim;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What may happen to an envelope: ended ones stand, only its owner writes about it, sends are counted and bounded. */
final class SendRules implements Step.Rule {
    private static final int MOST_SENDS = 4;

    private final Predicate<String> hasMessage;

    /**
     * The rules.
     *
     * @param hasMessage whether the run of the execution with that id had something to say
     */
    SendRules(Predicate<String> hasMessage) {
        this.hasMessage = hasMessage;
    }

    @Override
    public void check(Step step, Consumer<String> violation) {
        step.after()
                .job()
                .ifPresent(job -> step.rowChanges().stream()
                        .filter(Step.RowChange::isEnd)
                        .forEach(change -> checkTold(step, job, change.ended(), violation)));
        for (Step.EnvelopeChange change : step.envelopeChanges()) {
            Envelope before = change.before();
            Envelope after = change.after();
            if (after == null) {
                if (!step.isPruning()) {
                    violation.accept("an envelope is gone: " + before);
                }
                continue;
            }
            int most = after.content() == Envelope.Content.ALERT ? 1 : MOST_SENDS;
            if (after.attempts() > most) {
                violation.accept("sent more than " + most + " times: " + after);
            }
            if (before == null) {
                boolean isCancelled = after.state() == EnvelopeState.CANCELLED;
                if (after.state() != EnvelopeState.PENDING && !isCancelled
                        || !after.receipts().isEmpty()) {
                    violation.accept("an envelope begins its life sent: " + after);
                }
                continue;
            }
            checkChanged(step, before, after, violation);
        }
    }

    /** One alert for each fault of the configuration. */
    private static boolean isToldAlready(Step step, Execution row) {
        return row.status() == ExecutionStatus.BLOCKED_CONFIG
                && step.before()
                        .job()
                        .map(job -> job.engine().lastRun())
                        .filter(last ->
                                last.status().equals(Optional.of(row.status().word())))
                        .filter(last -> last.error().equals(row.error()))
                        .isPresent();
    }

    /** What a run has to say is kept for each target in the write that ends the run. */
    private void checkTold(Step step, Job job, Execution row, Consumer<String> violation) {
        boolean isAlert = row.status().isFailure() || row.status() == ExecutionStatus.BLOCKED_CONFIG;
        boolean isResult = row.status() == ExecutionStatus.OK && hasMessage.test(row.id());
        boolean goesOn = step.rowChanges().stream()
                .anyMatch(change -> change.before() == null
                        && change.after() != null
                        && change.after().attempt() == row.attempt() + 1
                        && change.after().scheduledAt().equals(row.scheduledAt()));
        if (goesOn || !isAlert && !isResult || isToldAlready(step, row)) {
            return;
        }
        for (String target : job.definition().get(JobField.DELIVER, List.of())) {
            String id = row.id() + (isAlert ? "!" : "/") + target;
            if (!target.equals("local") && !step.after().envelopes().containsKey(id)) {
                violation.accept("a run ended and no envelope keeps what it said: " + id);
            }
        }
    }

    private static void checkChanged(Step step, Envelope before, Envelope after, Consumer<String> violation) {
        if (!before.state().isOpen()) {
            violation.accept("an ended envelope changed: " + before + " became " + after);
            return;
        }
        if (after.fence() < before.fence() || after.attempts() < before.attempts()) {
            violation.accept("an envelope went back: " + before + " became " + after);
        }
        boolean isRemoval =
                after.state() == EnvelopeState.CANCELLED && step.after().job().isEmpty();
        if (step.isOfAnotherLiveNode(before.node()) && !isRemoval) {
            violation.accept(
                    "an envelope was written by another than its living owner: " + before + " became " + after);
        }
        if (after.node().isPresent() && !after.node().equals(before.node())) {
            if (after.fence() <= before.fence() || !step.what().equals("Outbox.claimDue")) {
                violation.accept("an envelope got an owner without a claim: " + before + " became " + after);
            }
            if (!step.members().contains(after.node().get())) {
                violation.accept("a node that is no member claims an envelope: " + after);
            }
        }
        if (after.state() == EnvelopeState.SENDING && before.state() != EnvelopeState.CLAIMED) {
            violation.accept("an envelope is sent that was not claimed: " + before + " became " + after);
        }
    }
}
