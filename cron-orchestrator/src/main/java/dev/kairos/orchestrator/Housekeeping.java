package dev.kairos.orchestrator;

import dev.kairos.api.env.Environment;
import dev.kairos.api.store.StoreException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The slow, regular work beside firing: pruning the ledger, looking for rows nobody recovered. */
final class Housekeeping {
    private static final Logger LOG = LoggerFactory.getLogger("cron.watch");
    private static final Duration EVERY = Duration.ofSeconds(60);
    /** A store drops some thousands at a call; what is left after this time is dropped the next time. */
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private static final Duration RECOVERY_EVERY = Duration.ofSeconds(10);

    private final OrchestratorParts parts;
    private final Environment environment;
    private Duration nextPrune;
    private Duration nextRecovery;
    private volatile boolean isPruning;
    private volatile boolean isStopping;

    Housekeeping(OrchestratorParts parts) {
        this.parts = parts;
        this.environment = parts.environment();
        this.nextPrune = environment.uptime().plus(EVERY);
        this.nextRecovery = environment.uptime().plus(RECOVERY_EVERY);
    }

    /** Whether it is time to look for rows that a recovery before was cut short of; true once per period. */
    boolean isRecoveryDue() {
        if (environment.uptime().compareTo(nextRecovery) < 0) {
            return false;
        }
        nextRecovery = environment.uptime().plus(RECOVERY_EVERY);
        return true;
    }

    /** Begins to drop old ledger rows once per period, on a thread of its own: it may take a while. */
    void prune() {
        if (isPruning || environment.uptime().compareTo(nextPrune) < 0) {
            return;
        }
        nextPrune = environment.uptime().plus(EVERY);
        isPruning = true;
        try {
            environment.start("cron-prune", this::pruneOn);
        } catch (RuntimeException | Error e) {
            isPruning = false;
            throw e;
        }
    }

    private void pruneOn() {
        Duration end = environment.uptime().plus(LONGEST);
        try {
            boolean isMoreLeft = true;
            while (isMoreLeft && !isStopping && environment.uptime().compareTo(end) < 0) {
                isMoreLeft = drop() > 0; // others write between two calls
            }
        } catch (StoreException e) {
            LOG.warn("cron.prune kind={} reason={}", e.kind(), e.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.error("cron.prune failed; it is tried again within {}", EVERY, e);
        } finally {
            isPruning = false;
        }
    }

    private int drop() {
        return parts.store()
                .ledger()
                .prune(
                        environment.now().minus(parts.settings().ledgerAge()),
                        parts.settings().ledgerRows());
    }

    void stop() {
        isStopping = true;
    }
}
