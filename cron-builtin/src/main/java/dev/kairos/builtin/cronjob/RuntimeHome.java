package dev.kairos.builtin.cronjob;

import dev.kairos.api.env.Environment;
import dev.kairos.builtin.ConfigKey;
import dev.kairos.builtin.CronRuntime;
import dev.kairos.orchestrator.jobs.RefusedException;
import dev.kairos.orchestrator.schedule.ScheduleZones;
import java.time.ZoneId;
import java.util.Optional;

/** The home of an application that has its runtime open. It is started, or not, by the application and never from here. */
record RuntimeHome(CronRuntime runtime) implements CronjobHome {
    @Override
    public Optional<CronRuntime> seen() {
        return Optional.of(runtime);
    }

    @Override
    public CronRuntime existing() {
        return keeping();
    }

    @Override
    public CronRuntime keeping() {
        if (runtime.isWithinRun()
                && !runtime.configuration()
                        .getLenient(ConfigKey.ALLOW_AGENT_SCHEDULING)
                        .orElse(false)) {
            throw new RefusedException(
                    "action",
                    "an agent's run may not change jobs",
                    "ask a person, or let them set cron.allow_agent_scheduling: true in config.yaml");
        }
        return runtime;
    }

    /** Its own node, or another one, takes a request; where neither does, that is seen after a moment. */
    @Override
    public boolean isAlone(CronRuntime home) {
        return false;
    }

    @Override
    public boolean canRunHere(CronRuntime home) {
        return runtime.status().isStarted();
    }

    @Override
    public Optional<String> whyNothingFires() {
        return runtime.status().isStarted() || !runtime.store().nodes().leases().isEmpty()
                ? Optional.empty()
                : Optional.of("nothing fires on this home now: ask the user to start what does");
    }

    @Override
    public Environment environment() {
        return runtime.environment();
    }

    @Override
    public ZoneId zone(Optional<ZoneId> own) {
        return ScheduleZones.resolve(
                        own,
                        runtime.jobs().rules().zone(),
                        runtime.environment().zone())
                .zone();
    }
}
