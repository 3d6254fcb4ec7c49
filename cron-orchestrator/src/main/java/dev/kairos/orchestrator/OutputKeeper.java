package dev.kairos.orchestrator;

import dev.kairos.api.env.Environment;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.WorkKind;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.run.FailureKind;
import dev.kairos.api.run.RunResult;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what an attempt said before its outcome is recorded. While the disk refuses it the outcome waits, as it does for a
 * silent store; a run whose words are lost in the end has failed, so that somebody is told.
 */
final class OutputKeeper {
    /** How long an outcome waits for its output: longer than a log rotation takes to free a disk. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Logger LOG = LoggerFactory.getLogger("cron.run");
    private static final Duration FIRST_WAIT = Duration.ofMillis(250);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final OutputStore outputs;
    private final Environment environment;
    private final BooleanSupplier isGivingUp;

    /**
     * A keeper before one store of outputs.
     *
     * @param isGivingUp true once the node ends and may not wait for a disk any longer
     */
    OutputKeeper(OutputStore outputs, Environment environment, BooleanSupplier isGivingUp) {
        this.outputs = outputs;
        this.environment = environment;
        this.isGivingUp = isGivingUp;
    }

    /**
     * What is to be recorded.
     *
     * @param result what the attempt said, or that this was lost
     * @param saved where it is kept
     */
    record Kept(RunResult result, Optional<OutputStore.Saved> saved) {}

    /** Blocks the caller while the disk refuses. */
    Kept keep(Job job, Execution execution, RunResult result) {
        if (saysNothing(job, result)) {
            return new Kept(result, Optional.empty());
        }
        Duration end = environment.uptime().plus(PATIENCE);
        Duration wait = FIRST_WAIT;
        boolean isTold = false;
        while (true) {
            try {
                return new Kept(result, Optional.of(outputs.save(job, execution, result)));
            } catch (IOException | RuntimeException e) {
                if (!isTold) {
                    LOG.error(
                            "cron.output-not-saved job={} execution={} its outcome waits: free some space or mend the"
                                    + " folder's permissions",
                            job.id(),
                            execution.id(),
                            e);
                    isTold = true;
                }
                if (!(e instanceof IOException) || isOver(end)) {
                    return new Kept(without(result, e), Optional.empty());
                }
                pause(wait);
                wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait.multipliedBy(2);
            }
        }
    }

    private boolean isOver(Duration end) {
        return isGivingUp.getAsBoolean() || environment.uptime().compareTo(end) >= 0;
    }

    private void pause(Duration wait) {
        try {
            environment.sleep(wait);
        } catch (InterruptedException e) {
            LOG.debug("cron.output-wait was interrupted; that was meant for the attempt, which is over", e);
        }
    }

    /** A handler that succeeded without a word: a page would repeat the ledger, at the price of a forced write. */
    private static boolean saysNothing(Job job, RunResult result) {
        return job.definition().workKind() == WorkKind.HANDLER
                && result.status() == ExecutionStatus.OK
                && result.message().isEmpty();
    }

    private static RunResult without(RunResult result, Exception why) {
        if (result.status() != ExecutionStatus.OK || result.message().isBlank()) {
            return result;
        }
        return RunResult.failed(
                FailureKind.TERMINAL,
                "it ended well, but what it said could not be kept (" + why.getMessage()
                        + "): free some space or mend the folder cron/output, then run it again",
                "");
    }
}
