package dev.kairos.orchestrator;

import dev.kairos.api.env.Environment;
import java.time.Duration;

/** The slow, regular work beside firing: pruning the ledger, looking for rows nobody recovered. */
final class Housekeeping {
    private static final Duration EVERY = Duration.ofSeconds(60);
    private static final Duration RECOVERY_EVERY = Duration.ofSeconds(10);

    private final OrchestratorParts parts;
    private final Environment environment;
    private Duration nextPrune;
    private Duration nextRecovery;

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

    /** Drops old ledger rows, a bounded number each time. */
    void prune() {
        if (environment.uptime().compareTo(nextPrune) < 0) {
            return;
        }
        nextPrune = environment.uptime().plus(EVERY);
        parts.store()
                .ledger()
                .prune(
                        environment.now().minus(parts.settings().ledgerAge()),
                        parts.settings().ledgerRows());
    }
}
