package dev.kairos.orchestrator.schedule;

import dev.kairos.api.schedule.Schedule;

/**
 * The way from a schedule to its instants.
 *
 * <p>Status: experimental since 0.1.
 */
public final class Schedules {
    private Schedules() {}

    /**
     * Makes a schedule ready to be asked for its instants. Takes microseconds, opens nothing.
     *
     * @throws InvalidScheduleException when the expression of a cron schedule has a field that is no cron field, or can
     *     never fire
     */
    public static CompiledSchedule compile(Schedule schedule) {
        CronEngine engine = schedule.expression()
                .map(text -> new CronEngine(CronText.read(text), schedule.zone()))
                .orElse(null);
        return new CompiledSchedule(schedule, engine);
    }
}
