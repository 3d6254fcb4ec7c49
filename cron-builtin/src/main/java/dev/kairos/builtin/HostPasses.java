package dev.kairos.builtin;

import dev.kairos.api.TickReport;
import dev.kairos.api.env.Environment;
import dev.kairos.orchestrator.Unfired;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the host does itself behind a provider without a ticker: takes what waits for no schedule, claims what was left for
 * too long, and says that it lives. On the supervisor's thread.
 */
final class HostPasses {
    private static final Logger LOG = LoggerFactory.getLogger("cron.provider");
    private static final int LOOKED_AT = 100;

    private final Environment environment;
    private final ProviderContexts contexts;
    private final FiringCore core;
    private final String provider;
    private final Duration backstop;
    private final DeafnessWatch watch;
    private Duration nextBeat = Duration.ZERO;

    /**
     * The passes behind one provider.
     *
     * @param backstop how overdue an occurrence may be; zero is for ever
     */
    HostPasses(ProviderContexts contexts, String provider, Duration backstop, DeafnessWatch watch) {
        this.environment = contexts.environment();
        this.contexts = contexts;
        this.core = contexts.core();
        this.provider = provider;
        this.backstop = backstop;
        this.watch = watch;
    }

    /**
     * Looks once.
     *
     * @param armedSince since when somebody else was to fire: being late since then is nobody's loss
     * @return why the provider is deaf, a clause, once it is
     */
    Optional<String> look(Optional<Instant> armedSince) {
        takeWhatWaits();
        if (environment.uptime().compareTo(nextBeat) >= 0) {
            nextBeat = environment.uptime().plus(contexts.interval());
            contexts.observer().armed();
        }
        return core.unfired(LOOKED_AT).flatMap(unfired -> {
            Optional<String> deaf = watch.look(unfired, unfired.size() < LOOKED_AT);
            return deaf.isPresent() ? deaf : claimOverdue(unfired, armedSince);
        });
    }

    /** The next look says at once that it is well. */
    void beatSoon() {
        nextBeat = environment.uptime();
    }

    /** Sends, retries, queued and requested runs wait for no provider while this process lives: a pass is made for them. */
    private void takeWhatWaits() {
        boolean isDue = core.waitingDueAt()
                .filter(due -> !due.isAfter(environment.now()))
                .isPresent();
        if (isDue) {
            core.passOfWhatWaits();
        }
    }

    /** What a provider fires just now, or has had no time for, is not taken from it. */
    private Optional<String> claimOverdue(List<Unfired> unfired, Optional<Instant> armedSince) {
        Instant dueBy = environment.now().minus(backstop);
        boolean isAnyOverdue = !backstop.isZero()
                && unfired.stream().anyMatch(job -> job.dueAt().get(0).isBefore(dueBy) && !watch.isSpared(job.jobId()));
        if (!isAnyOverdue) {
            return Optional.empty();
        }
        TickReport report = core.passOfOverdue(dueBy, watch::isSpared, armedSince);
        if (report.fired().isEmpty() && report.skipped() == 0) {
            return Optional.empty();
        }
        LOG.warn(
                "cron.backstop provider={} left something overdue by more than {}; claimed here={} skipped={}",
                provider,
                Configuration.words(backstop),
                report.fired().size(),
                report.skipped());
        core.publishWarning(
                "cron.backstop",
                "provider",
                provider,
                "claimed",
                Integer.toString(report.fired().size()),
                "skipped",
                Integer.toString(report.skipped()));
        return Optional.of("it left something overdue by more than " + Configuration.words(backstop)
                + ", which the backstop claimed");
    }
}
