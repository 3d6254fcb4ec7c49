package dev.kairos.builtin;

import dev.kairos.api.CronContext;
import dev.kairos.api.ProviderHealth;
import dev.kairos.api.StopSignal;
import dev.kairos.api.TickReport;
import dev.kairos.api.env.Environment;
import dev.kairos.api.env.Signal;
import dev.kairos.orchestrator.PlainWords;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One life of the ticker. It waits in monotonic time, in pieces of at most a second, and looks at the wall clock after
 * each, so that a step of that clock is noticed within a second.
 */
final class TickLoop {
    private static final Logger LOG = LoggerFactory.getLogger("cron.ticker");
    private static final Duration PIECE = Duration.ofSeconds(1);
    /** A wall clock further than this from the monotonic one, over one piece, was stepped. */
    private static final Duration STEP = Duration.ofSeconds(2);

    private final CronContext context;
    private final Environment environment;
    private final StopSignal stop;
    private final Signal wake;
    private final PassObserver observer;
    private final AheadTicks ticks;
    private final PassPacing pacing;
    private final RepeatedFailure failures;
    private volatile boolean ended;
    private volatile Optional<String> lastError = Optional.empty();
    private volatile boolean passedOnce;

    TickLoop(CronContext context, StopSignal stop) {
        this.context = context;
        this.environment = context.environment();
        this.stop = stop;
        this.wake = environment.newSignal();
        this.observer = context.capability(PassObserver.class).orElse(PassObserver.NONE);
        this.ticks = context.capability(AheadTicks.class).orElse(context::tick);
        this.pacing = new PassPacing(context.interval());
        this.failures = new RepeatedFailure(LOG, Duration.ofMinutes(1), "cron.ticker passes");
    }

    void run() {
        stop.onRaise(wake::raise);
        quietly(observer::alive);
        context.armed();
        while (!isOver()) {
            Wait next = pass();
            waitFor(next);
        }
    }

    void end() {
        ended = true;
        wake.raise();
    }

    void wake() {
        wake.raise();
    }

    ProviderHealth health() {
        if (lastError.isPresent()) {
            return ProviderHealth.failing(lastError.get());
        }
        return passedOnce ? ProviderHealth.healthy() : ProviderHealth.unknown();
    }

    /**
     * How long to wait for what.
     *
     * @param atMost the bound in monotonic time
     * @param until the wall instant at which the next pass is due
     * @param isWakeable whether a change ends the wait
     */
    record Wait(Duration atMost, Optional<Instant> until, boolean isWakeable) {}

    private boolean isOver() {
        return ended || stop.isRaised();
    }

    private Wait pass() {
        try {
            TickReport report = ticks.tickAhead();
            if (isClean(report)) {
                lastError = Optional.empty();
                passedOnce = true;
                failures.over();
            }
            return pacing.after(report, environment.now());
        } catch (Throwable thrown) {
            lastError = Optional.of(PlainWords.of(thrown));
            quietly(() -> failures.report(
                    environment.uptime(), "cron.ticker a pass failed; the ticker goes on and tries again", thrown));
            quietly(() -> observer.failed(thrown));
            return pacing.afterFailure();
        }
    }

    private boolean isClean(TickReport report) {
        try {
            return observer.passed(report);
        } catch (Throwable thrown) {
            logQuietly(thrown);
            return true;
        }
    }

    private void waitFor(Wait next) {
        try {
            Duration begin = environment.uptime();
            Duration end = begin.plus(next.atMost());
            while (!isOver()) {
                Duration uptime = environment.uptime();
                Instant now = environment.now();
                Duration left = end.minus(uptime);
                Duration toInstant =
                        next.until().map(instant -> between(now, instant, left)).orElse(left);
                Duration piece = shortest(left, toInstant);
                if (piece.isNegative() || piece.isZero()) {
                    return;
                }
                boolean woken = sleep(shortest(piece, PIECE));
                if (woken && next.isWakeable()) {
                    return;
                }
                if (isStepped(uptime, now)) {
                    return;
                }
            }
        } catch (Throwable thrown) {
            quietly(() ->
                    failures.report(environment.uptime(), "cron.ticker a wait failed; the ticker goes on", thrown));
        }
    }

    /** The gap, or the fallback where it is too large to be told. */
    private static Duration between(Instant from, Instant to, Duration otherwise) {
        try {
            return Duration.between(from, to);
        } catch (ArithmeticException e) {
            return otherwise;
        }
    }

    private boolean sleep(Duration piece) {
        try {
            return wake.await(piece);
        } catch (InterruptedException e) {
            if (!isOver()) {
                LOG.warn("cron.ticker interrupted without a stop; the ticker goes on");
            }
            return true;
        }
    }

    private boolean isStepped(Duration uptimeBefore, Instant nowBefore) {
        Duration waited = environment.uptime().minus(uptimeBefore);
        Duration step = Duration.between(nowBefore, environment.now()).minus(waited);
        if (step.abs().compareTo(STEP) <= 0) {
            return false;
        }
        LOG.warn("cron.ticker the wall clock was stepped by={} next pass at once", step);
        return true;
    }

    private static Duration shortest(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    /** Nothing that a log or an observer throws reaches the loop. */
    private void quietly(Runnable action) {
        try {
            action.run();
        } catch (Throwable thrown) {
            logQuietly(thrown);
        }
    }

    private static void logQuietly(Throwable thrown) {
        try {
            LOG.warn("cron.ticker telling of a pass failed", thrown);
        } catch (Throwable unspeakable) {
            // The log itself is broken; the ticker goes on without it.
        }
    }
}
