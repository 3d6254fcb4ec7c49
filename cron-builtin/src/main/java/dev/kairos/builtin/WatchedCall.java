package dev.kairos.builtin;

import dev.kairos.api.DurationText;
import dev.kairos.api.env.Environment;
import dev.kairos.api.env.Task;
import dev.kairos.builtin.plugin.Guard;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A call into a provider on a thread of its own that nobody waits for: it is looked at, interrupted when its time is over,
 * and never made twice at a time. Used by one thread.
 */
final class WatchedCall<T> {
    private final Environment environment;
    private final String what;
    private final ClassLoader loader;
    private final Duration bound;
    private @Nullable Task task;
    private Duration begun = Duration.ZERO;
    private boolean isAwaited;
    private AtomicReference<Guard.@Nullable Answer<T>> answer = new AtomicReference<>();

    /**
     * A call.
     *
     * @param what the end of the thread's name
     * @param loader the context loader of the call
     * @param bound how long it may take
     */
    WatchedCall(Environment environment, String what, ClassLoader loader, Duration bound) {
        this.environment = environment;
        this.what = what;
        this.loader = loader;
        this.bound = bound;
    }

    /** Begins the call, unless the thread of the one before still lives. */
    void begin(Callable<T> foreign) {
        if (hasThread()) {
            return;
        }
        AtomicReference<Guard.@Nullable Answer<T>> fresh = new AtomicReference<>();
        answer = fresh;
        begun = environment.uptime();
        isAwaited = true;
        task = environment.start("cron-" + what, () -> fresh.set(Guard.here(loader, foreign)));
    }

    /** Whether a thread of it lives, interrupted or not. */
    boolean hasThread() {
        Task running = task;
        return running != null && !running.isDone();
    }

    /** Whether it has begun and neither ended nor outlasted its bound, as far as was looked. */
    boolean isAwaited() {
        return isAwaited;
    }

    /** What became of it, once. A call that outlasts its bound is interrupted and left. */
    Optional<Guard.Answer<T>> look() {
        Task running = task;
        if (!isAwaited || running == null) {
            return Optional.empty();
        }
        if (running.isDone()) {
            isAwaited = false;
            return Optional.of(given());
        }
        if (environment.uptime().minus(begun).compareTo(bound) < 0) {
            return Optional.empty();
        }
        isAwaited = false;
        running.interrupt();
        return Optional.of(trouble("did not return within " + DurationText.format(bound)));
    }

    private Guard.Answer<T> given() {
        Guard.Answer<T> given = answer.get();
        return given == null ? trouble("did not end well") : given;
    }

    private static <T> Guard.Answer<T> trouble(String words) {
        return new Guard.Answer<>(Optional.empty(), Optional.of(words), Optional.empty());
    }

    /**
     * Ends it.
     *
     * @return whether its thread is gone within the bound
     */
    boolean end(Duration within) throws InterruptedException {
        isAwaited = false;
        Task running = task;
        if (running == null || running.isDone()) {
            return true;
        }
        running.interrupt();
        return running.join(within);
    }
}
