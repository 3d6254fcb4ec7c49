package dev.kairos.app.command;

import dev.kairos.api.env.Environment;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.builtin.CronRuntime;
import dev.kairos.builtin.cronjob.CronjobHome;
import dev.kairos.orchestrator.schedule.SchedulePreview;
import java.time.ZoneId;
import java.util.Optional;

/** The home of one call of the tool, opened for it as for a command. */
record SessionHome(Session session) implements CronjobHome {
    @Override
    public Optional<CronRuntime> seen() {
        return session.opened().map(OpenHome::runtime);
    }

    @Override
    public CronRuntime existing() {
        return session.existingWritable().runtime();
    }

    @Override
    public CronRuntime keeping() {
        return session.keeping().runtime();
    }

    @Override
    public boolean isAlone(CronRuntime home) {
        return !session.isGuest()
                && session.opened()
                        .map(open ->
                                LiveNodes.daemons(open, session.environment()).isEmpty())
                        .orElse(true);
    }

    @Override
    public boolean canRunHere(CronRuntime home) {
        home.join();
        return true;
    }

    @Override
    public Optional<String> whyNothingFires() {
        return LiveNodes.count(session) > 0
                ? Optional.empty()
                : Optional.of("no daemon lives on this home: ask the user to start kairos serve");
    }

    @Override
    public Environment environment() {
        return session.environment();
    }

    @Override
    public ZoneId zone(Optional<ZoneId> own) {
        return session.zone(own);
    }

    @Override
    public String sentence(Schedule schedule, SchedulePreview preview) {
        return ScheduleEcho.sentence(schedule, preview);
    }
}
