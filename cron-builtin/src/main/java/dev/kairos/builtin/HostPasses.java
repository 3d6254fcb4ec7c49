package dev.kairos.builtin;

import dev.kairos.api.env.Environment;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the host does itself behind a provider without a ticker: takes what waits for no schedule, catches what was left for
 * too long, and says that it lives. On the supervisor's thread.
 */
final class HostPasses {
    private static final Logger LOG = LoggerFactory.getLogger("cron.provider");

    private final Environment environment;
    private final ProviderContexts contexts;
    private final String provider;
    private Duration nextBeat = Duration.ZERO;

    HostPasses(ProviderContexts contexts, String provider) {
        this.environment = contexts.environment();
        this.contexts = contexts;
        this.provider = provider;
    }

    /** An armed provider makes no passes; that it is armed and supervised is its sign of life. */
    void look() {
        takeWhatWaits();
        if (environment.uptime().compareTo(nextBeat) >= 0) {
            nextBeat = environment.uptime().plus(contexts.interval());
            contexts.observer().armed();
            catchOverdue();
        }
    }

    /** The next look says at once that it is well. */
    void beatSoon() {
        nextBeat = environment.uptime();
    }

    /** Sends, retries, queued and requested runs wait for no provider while this process lives: a pass is made for them. */
    private void takeWhatWaits() {
        boolean isDue = contexts.core()
                .waitingDueAt()
                .filter(due -> !due.isAfter(environment.now()))
                .isPresent();
        if (isDue) {
            contexts.core().tick();
        }
    }

    /** An armed provider that lets something lie for too long does not leave it lying for ever. */
    private void catchOverdue() {
        Duration backstop = contexts.backstop();
        boolean isOverdue = !backstop.isZero()
                && contexts.core()
                        .nextWakeAt()
                        .filter(due -> due.plus(backstop).isBefore(environment.now()))
                        .isPresent();
        if (isOverdue) {
            LOG.warn(
                    "cron.provider name={} left something overdue by more than {}; the host makes a pass itself",
                    provider,
                    Configuration.words(backstop));
            contexts.core().tick();
        }
    }
}
