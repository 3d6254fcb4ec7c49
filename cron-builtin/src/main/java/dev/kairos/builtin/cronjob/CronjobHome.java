package dev.kairos.builtin.cronjob;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.env.Environment;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.builtin.CronRuntime;
import dev.kairos.orchestrator.schedule.SchedulePreview;
import java.time.ZoneId;
import java.util.Optional;

/**
 * The home on which one call of the tool works: opened for it by the command line, an application's runtime otherwise. Used
 * by one thread. Status: internal.
 */
public interface CronjobHome {
    /** The home to look at; empty where nothing was ever kept. */
    Optional<CronRuntime> seen();

    /**
     * The home to change something in; none is made for it.
     *
     * @throws InvalidInputException if nothing may be changed from here
     */
    CronRuntime existing();

    /**
     * The home to add something to that must outlive the call.
     *
     * @throws InvalidInputException if nothing may be added from here
     */
    CronRuntime keeping();

    /** Whether no daemon works on the home that would take a request. */
    boolean isAlone(CronRuntime home);

    /** Makes this process able to run a request itself, if that is its part. Answers whether it is. */
    boolean canRunHere(CronRuntime home);

    /** Whom to ask for what, where nothing fires on the home just now; empty where something does. */
    Optional<String> whyNothingFires();

    /** Clocks and waits. */
    Environment environment();

    /** The zone of a schedule that names none, or the one that it names. */
    ZoneId zone(Optional<ZoneId> own);

    /** What a schedule means, in a sentence. */
    default String sentence(Schedule schedule, SchedulePreview preview) {
        return preview.sentence();
    }
}
