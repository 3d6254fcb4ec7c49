package dev.kairos.orchestrator;

import dev.kairos.api.env.Environment;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.run.Backend;
import dev.kairos.api.run.FailureKind;
import dev.kairos.api.run.RunResult;
import dev.kairos.api.store.StoreException;
import dev.kairos.orchestrator.plan.CompletionPlanner;
import dev.kairos.orchestrator.plan.SignedOut;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a run has to do with the sessions of its model entries: before it, which of them live; after it, that one lapsed or
 * lives again. Which gates are closed is the store's to know; there is no state here.
 */
final class ModelSessions {
    private static final Logger LOG = LoggerFactory.getLogger("cron.run");
    private static final int CLOSE_TRIES = 60;
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(1);

    private final Environment environment;
    private final Events events;
    private final Gates gates;

    ModelSessions(OrchestratorParts parts, Events events) {
        this.environment = parts.environment();
        this.events = events;
        this.gates = new Gates(parts.store(), environment);
    }

    /**
     * Tells a run which of its backends it may use. On the run's own thread.
     *
     * @return the end of the run where nobody is signed in to any of them; empty if it may go on
     */
    Optional<RunResult> admit(ActiveRun run, List<Backend> backends) {
        run.mayUse(gates.open(backends));
        return run.backends().isEmpty() && !backends.isEmpty() ? Optional.of(signedOut(backends)) : Optional.empty();
    }

    private static RunResult signedOut(List<Backend> backends) {
        Backend first = backends.get(0);
        return RunResult.blocked(SignedOut.told(first.entry()) + ". " + FailureJudge.advice(first))
                .withReason(SignedOut.reason(first.entry()));
    }

    /**
     * Closes the gate of a session that lapsed. On the thread that ends the run; tries a silent store again for a minute.
     *
     * @return a note on the first good run after a gate was closed
     */
    Optional<String> settle(ActiveRun run, RunResult result) {
        boolean isLapse =
                result.failureKind().filter(FailureKind.SESSION_EXPIRED::equals).isPresent();
        try {
            if (isLapse) {
                lapsed(run, result.backend());
            } else if (result.status() == ExecutionStatus.OK) {
                return result.backend()
                        .filter(gates::isFirstGood)
                        .map(entry -> CompletionPlanner.RECOVERED + ": signed in to " + entry + " again");
            }
        } catch (StoreException e) {
            LOG.error(
                    "cron.gate-unwritten execution={} the next run tries again",
                    run.execution().id(),
                    e);
        }
        return Optional.empty();
    }

    private void lapsed(ActiveRun run, Optional<String> entry) {
        Execution row = run.execution();
        String model = entry.orElse("");
        String attempt = Integer.toString(row.attempt());
        events.alarm("cron.session-expired", "job", row.jobId(), "attempt", attempt, "model", model);
        run.backend(entry).ifPresent(backend -> close(backend, row));
    }

    /** Tries for as long as a silent store is worth waiting for: a pause for a gate that nobody closed would never end. */
    private void close(Backend backend, Execution row) {
        for (int tries = 1; ; tries++) {
            try {
                gates.close(backend, row);
                return;
            } catch (StoreException e) {
                if (tries >= CLOSE_TRIES || !pause()) {
                    throw e;
                }
            }
        }
    }

    private boolean pause() {
        try {
            environment.sleep(CLOSE_WAIT);
            return true;
        } catch (InterruptedException e) {
            return false; // the flag is not kept: the outcome is still to be written
        }
    }

    /**
     * Lets a job go on that was paused for a session after somebody had signed in. Called on the thread that writes for
     * others, so it starts one of its own.
     */
    void redefined(JobDefinition written) {
        environment.start("cron-gate", () -> gates.releaseIfOpen(written));
    }
}
