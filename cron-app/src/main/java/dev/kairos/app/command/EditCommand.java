package dev.kairos.app.command;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobField;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.orchestrator.jobs.JobChange;
import dev.kairos.orchestrator.jobs.JobEdit;
import dev.kairos.orchestrator.schedule.ParsedSchedule;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos edit}. */
final class EditCommand extends Command {
    @Override
    List<String> description() {
        return List.of(
                "Changes a job: one flag for each field, --no-FIELD clears it.",
                "Lists and --env replace what was there. The next instant moves only when the schedule,",
                "its zone or the jitter changes.");
    }

    @Override
    List<String> examples() {
        return List.of(
                "kairos edit backup --schedule \"every 6h\" --timeout 20m",
                "kairos edit backup --tags nightly,disk --no-timeout",
                "kairos edit backup --tz Europe/Warsaw");
    }

    @Override
    void define(CommandSpec spec) {
        spec.addPositional(Options.required(0, "JOB", "its id, its name, or the first 4 or more characters of its id"));
        JobFlags.define(spec);
    }

    @Override
    int run(Arguments arguments, Session session) {
        if (!JobFlags.anyIn(arguments)) {
            throw CommandFailure.usage(
                    "nothing to change was given",
                    "name a field, for example: kairos edit JOB --schedule \"every 6h\"");
        }
        if (arguments.has("--no-schedule")) {
            throw CommandFailure.usage(
                    "a job cannot be without a schedule", "pause it instead: kairos pause " + arguments.required(0));
        }
        JobEdit.Builder edit = JobEdit.builder();
        JobFlags.values(arguments)
                .forEach((field, value) ->
                        value.ifPresentOrElse(given -> put(edit, field, given), () -> edit.clear(field)));
        OpenHome home = session.writable();
        Job job = home.jobs().find(arguments.required(0));
        Optional<ParsedSchedule> schedule = schedule(arguments, home, job);
        schedule.ifPresent(parsed -> edit.set(JobField.SCHEDULE, parsed.schedule()));
        JobChange change = home.jobs().edit(job.id(), edit.build());
        if (schedule.isPresent()) {
            new Echo(session).withSchedule("Changed", change, schedule.get().notes());
        } else {
            new Echo(session).change("Changed", change);
        }
        return ExitCode.DONE;
    }

    private static Optional<ParsedSchedule> schedule(Arguments arguments, OpenHome home, Job job) {
        Optional<ZoneId> zone = JobFlags.zone(arguments);
        Optional<Schedule> present = job.definition().get(JobField.SCHEDULE);
        Optional<String> text = arguments.text("--schedule");
        if (text.isPresent()) {
            Optional<ZoneId> kept =
                    zone.or(() -> namesZone(text.get()) ? Optional.empty() : present.map(Schedule::zone));
            return Optional.of(home.jobs().readSchedule(text.get(), kept));
        }
        return zone.flatMap(moved -> present.map(schedule -> new ParsedSchedule(inZone(schedule, moved), List.of())));
    }

    private static boolean namesZone(String text) {
        String start = text.strip().toUpperCase(Locale.ROOT);
        return start.startsWith("CRON_TZ=") || start.startsWith("TZ=");
    }

    private static Schedule inZone(Schedule schedule, ZoneId zone) {
        switch (schedule.kind()) {
            case CRON:
                return Schedule.cron(schedule.expression().orElseThrow(), zone);
            case INTERVAL:
                return Schedule.interval(schedule.every().orElseThrow(), zone);
            default:
                return Schedule.once(schedule.runAt().orElseThrow(), zone);
        }
    }

    @SuppressWarnings("unchecked") // the flag read the value through this very field
    private static <T> void put(JobEdit.Builder edit, JobField<T> field, Object value) {
        edit.set(field, (T) value);
    }
}
