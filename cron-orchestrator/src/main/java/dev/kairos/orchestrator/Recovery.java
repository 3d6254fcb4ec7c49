package dev.kairos.orchestrator;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.env.LeftoverScope;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.api.store.FencedDecision;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.StoreException;
import dev.kairos.orchestrator.plan.RecoveryPlanner;
import dev.kairos.orchestrator.plan.Timetable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes or puts back what nodes left behind that are members no more: executions first, then envelopes. */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger("cron.recovery");
    private static final String DIED = "its node died";
    static final Set<ExecutionStatus> OWNED = Set.of(ExecutionStatus.CLAIMED, ExecutionStatus.RUNNING);
    /** Envelopes that some node sends, or sent when it died. */
    static final Set<EnvelopeState> IN_HAND = Set.of(EnvelopeState.CLAIMED, EnvelopeState.SENDING);

    private static final Duration LEFTOVER_GRACE = Duration.ofSeconds(1);

    private final OrchestratorParts parts;
    private final Membership membership;
    private final LostSends sends;
    private final Events events;
    private final RowEvents told;
    private final Timetable timetable;
    private final ConfiguredRules rules;
    /** The rows that the store or a decider refused, each said once. */
    private final Set<String> refused = ConcurrentHashMap.newKeySet();

    Recovery(OrchestratorParts parts, Membership membership, LostSends sends, Events events, Timetable timetable) {
        this.parts = parts;
        this.membership = membership;
        this.sends = sends;
        this.events = events;
        this.told = new RowEvents(events);
        this.timetable = timetable;
        this.rules = new ConfiguredRules(parts);
    }

    /** Recovers everything owned by nodes that are no members. Answers how many rows it closed or put back. */
    int recover() {
        JobStore store = parts.store();
        // owned rows are read before the members: a node that joins and claims in between is never taken for dead
        List<Execution> owned =
                store.ledger().list(ExecutionQuery.newest(Integer.MAX_VALUE).in(OWNED));
        List<Envelope> inHand = store.outbox().list(Optional.empty(), IN_HAND, Integer.MAX_VALUE);
        if (owned.isEmpty() && inHand.isEmpty()) {
            return 0;
        }
        Set<String> members = membership.members();
        List<Execution> left = owned.stream()
                .filter(row -> row.node().filter(members::contains).isEmpty())
                .toList();
        int recovered = left.isEmpty() ? 0 : closeOrPutBack(left);
        for (Envelope envelope : inHand) {
            if (envelope.node().filter(members::contains).isEmpty()) {
                sends.recover(envelope);
                recovered++;
            }
        }
        return recovered;
    }

    private int closeOrPutBack(List<Execution> left) {
        endLeftovers(left);
        try {
            return amend(left);
        } catch (RuntimeException | Error e) {
            if (Silence.is(e)) {
                throw e;
            }
            LOG.warn("cron.recovery-refused rows={} they are decided one by one", left.size(), e);
        }
        int recovered = 0;
        for (Execution row : left) {
            try {
                recovered += amend(List.of(row));
                refused.remove(row.id());
            } catch (RuntimeException | Error e) {
                noteRefused(row, e);
            }
        }
        return recovered;
    }

    private int amend(List<Execution> left) {
        List<Recorded> decided = left.stream().map(row -> decision(DIED)).toList();
        List<FencedDecision> decisions = new ArrayList<>();
        for (int i = 0; i < left.size(); i++) {
            decisions.add(new FencedDecision(left.get(i), decided.get(i)));
        }
        List<Boolean> held = parts.store().claims().amend(decisions);
        int recovered = 0;
        for (int i = 0; i < held.size(); i++) {
            if (held.get(i) && !decided.get(i).amendment().isNone()) {
                recovered++;
                publishRecovered(left.get(i));
                told.written(decided.get(i).amendment());
            }
        }
        return recovered;
    }

    /** A row that cannot be written holds up no other; it is looked at again, and said once. */
    private void noteRefused(Execution row, Throwable failure) {
        if (Silence.is(failure)) {
            throw (StoreException) failure;
        }
        if (refused.add(row.id())) {
            LOG.error("cron.recovery-refused row={} it stays open and is tried again", row, failure);
        }
    }

    private void publishRecovered(Execution row) {
        events.publishWarning(
                "cron.run-recovered",
                "job",
                row.jobId(),
                "execution",
                row.id(),
                "scheduled_at",
                row.scheduledAt().toString(),
                "was",
                row.status().word(),
                "node",
                row.node().orElse(""));
    }

    /** Before a row is closed, what its dead node started on this machine is ended: no attempt outlives its row. */
    private void endLeftovers(List<Execution> left) {
        Set<String> started = left.stream()
                .filter(row -> row.status() == ExecutionStatus.RUNNING)
                .map(Execution::id)
                .collect(Collectors.toSet());
        if (!started.isEmpty()) {
            LeftoverScope scope = new LeftoverScope(parts.home(), parts.place().ask());
            int found = parts.environment().processes().endLeftovers(started, scope, LEFTOVER_GRACE);
            if (found > 0) {
                LOG.warn("cron.leftovers-ended executions={} processes={}", started.size(), found);
            }
        }
    }

    /**
     * Ends a row of this node whose outcome could not be recorded.
     *
     * @return false if the store refuses that too: it is to be tried again
     */
    boolean endUnrecorded(Execution row) {
        Recorded decided = decision("its outcome could not be recorded");
        try {
            if (parts.store()
                    .claims()
                    .amend(List.of(new FencedDecision(row, decided)))
                    .get(0)) {
                told.written(decided.amendment());
            }
            refused.remove(row.id());
            return true;
        } catch (RuntimeException | Error e) {
            noteRefused(row, e);
            return false;
        }
    }

    private Recorded decision(String why) {
        RecoveryPlanner.Policy policy = new RecoveryPlanner.Policy(
                parts.environment().now(), parts.settings().misfire(), timetable, rules);
        return new Recorded(new RecoveryPlanner(why, policy, parts.environment().random()));
    }
}
