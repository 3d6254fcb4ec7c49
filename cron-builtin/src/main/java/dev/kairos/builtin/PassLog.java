package dev.kairos.builtin;

import dev.kairos.api.TickReport;
import dev.kairos.api.env.Environment;
import dev.kairos.orchestrator.PlainWords;
import dev.kairos.orchestrator.delivery.Redactor;
import dev.kairos.orchestrator.health.Heartbeat;
import java.time.Instant;
import java.util.Optional;

/** Remembers how the passes go, for {@code status}, and lets the heartbeat say so. Thread-safe. */
final class PassLog implements PassObserver {
    private final Environment environment;
    private final Heartbeat heartbeat;
    private final Redactor redactor;
    private final FiringCore core;
    private Optional<Instant> alive = Optional.empty();
    private Optional<Instant> lastClean = Optional.empty();
    private Optional<String> lastError = Optional.empty();

    PassLog(Environment environment, Heartbeat heartbeat, Redactor redactor, FiringCore core) {
        this.environment = environment;
        this.heartbeat = heartbeat;
        this.redactor = redactor;
        this.core = core;
    }

    @Override
    public synchronized void alive() {
        alive = Optional.of(environment.now());
        heartbeat.starting();
    }

    @Override
    public boolean passed(TickReport report) {
        return clean();
    }

    @Override
    public void armed() {
        clean();
    }

    private synchronized boolean clean() {
        alive = Optional.of(environment.now());
        if (!core.mayStart()) {
            heartbeat.starting();
            return false;
        }
        lastClean = alive;
        if (lastError.isPresent()) {
            core.publish("cron.ticker-recovered");
        }
        lastError = Optional.empty();
        heartbeat.clean();
        return true;
    }

    @Override
    public synchronized void failed(Throwable thrown) {
        alive = Optional.of(environment.now());
        String error = redactor.redact(PlainWords.of(thrown));
        if (lastError.isEmpty()) {
            core.publishWarning("cron.ticker-failing", "error", error);
        }
        lastError = Optional.of(error);
        heartbeat.failed(error);
    }

    @Override
    public void noted() {
        heartbeat.noted();
    }

    synchronized Optional<RuntimeStatus.Passes> passes() {
        return alive.map(at -> new RuntimeStatus.Passes(at, lastClean, lastError));
    }
}
