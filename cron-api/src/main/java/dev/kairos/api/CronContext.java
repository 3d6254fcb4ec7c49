package dev.kairos.api;

import dev.kairos.api.env.Environment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the host offers a provider. The host implements it; any thread may call. Status: experimental since 0.1.
 */
public interface CronContext {
    /**
     * Claims an occurrence that is due, at most 30 s early, and starts its run. Returns once the claim is committed,
     * before the run ends. Claims only an occurrence at or before the request's instant, so that a late duplicate never
     * takes the next one. The id {@code _wake} is one tick and answers not claimed.
     */
    FireResult fire(FireRequest request);

    /**
     * One pass: recovers what dead nodes left, sends what is due, claims and starts the jobs that are due. Passes of one
     * node never overlap: a second caller waits. Returns when the claims are committed, before the runs end.
     */
    TickReport tick();

    /** What should be armed: every enabled job with a next instant, and {@code _wake} when something else waits. */
    List<DesiredTrigger> desiredTriggers();

    /** The provider's own settings, the subtree {@code cron.<name>}. */
    Settings config();

    /** Clocks, waits and threads. */
    Environment environment();

    /** The configured interval of the backstop tick. */
    Duration interval();

    /** Says that the trigger is armed although {@link CronScheduler#start} has not returned. */
    void armed();

    /** Something a host may or may not offer, for example an inbound endpoint. */
    <T> Optional<T> capability(Class<T> type);
}
