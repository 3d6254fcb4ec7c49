package dev.kairos.app.command;

import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.app.terminal.Json;
import dev.kairos.app.terminal.Style;
import dev.kairos.app.terminal.TextWidth;
import dev.kairos.app.terminal.TimeText;
import dev.kairos.orchestrator.jobs.SetAside;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos show}. */
final class ShowCommand extends Command {
    private static final int RECENT = 5;
    private static final int LABEL_COLUMN = 18;

    /** Fields that have a line of their own above the others. */
    private static final Set<JobField<?>> TOLD_APART =
            Set.of(JobField.NAME, JobField.SCHEDULE, JobField.ENABLED, JobField.PAUSED_AT, JobField.PAUSED_REASON);

    @Override
    List<String> description() {
        return List.of("Shows everything about one job: what it does, when it is due, what its last runs came to.");
    }

    @Override
    List<String> examples() {
        return List.of("kairos show backup", "kairos show 3f9a --json");
    }

    @Override
    void define(CommandSpec spec) {
        spec.addPositional(Options.required(0, "JOB", "its id, its name, or the first 4 or more characters of its id"));
    }

    @Override
    int run(Arguments arguments, Session session) {
        OpenHome home = session.existing();
        Job job = home.jobs().find(arguments.required(0));
        List<Execution> recent = home.store().ledger().list(ExecutionQuery.ofJob(job.id(), RECENT));
        if (session.isJson()) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("job", JobTree.of(job));
            tree.put("recent", recent.stream().map(ExecutionTree::of).toList());
            tree.put("live_nodes", LiveNodes.count(session));
            session.document(tree);
            return ExitCode.DONE;
        }
        print(job, session);
        if (!recent.isEmpty()) {
            session.say("");
            RunsTable.of(recent, Map.of(job.id(), job), session)
                    .lines(session.io().width(), session.style())
                    .forEach(session::say);
        }
        LiveNodes.remark(session);
        return ExitCode.DONE;
    }

    private static void print(Job job, Session session) {
        Instant now = session.now();
        ZoneId zone = ListCommand.zone(job);
        EngineState engine = job.engine();
        JobDefinition definition = job.definition();
        Style style = session.style();
        session.say(style.strong(TextWidth.plain(job.displayName())) + "  " + job.id());
        line(session, "state", style.word(engine.state().word()) + pauseNote(definition, zone, now));
        SetAside.reason(definition).ifPresent(why -> line(session, "set aside", "its record cannot be read: " + why));
        definition.get(JobField.SCHEDULE).ifPresent(schedule -> {
            line(session, "schedule", schedule.display() + "  [" + zone.getId() + "]");
            line(session, "means", sentence(schedule));
        });
        line(session, "next", ListCommand.next(engine, zone, now));
        lastRun(engine.lastRun(), session, zone, now);
        line(session, "runs", engine.runCount() + failures(engine.failureStreak()));
        for (JobField<?> field : JobField.all()) {
            if (!TOLD_APART.contains(field)) {
                field(definition, field).ifPresent(text -> line(session, field.key(), text));
            }
        }
        Map<String, Object> unknown = new LinkedHashMap<>(definition.unknown());
        SetAside.record(definition).ifPresent(record -> {
            unknown.keySet().removeAll(SetAside.KEYS);
            line(session, "record", Json.line(record) + "  (as it came)");
        });
        unknown.forEach((key, value) -> line(session, key, Json.line(value) + "  (not ours, kept)"));
    }

    private static String sentence(Schedule schedule) {
        return ScheduleEcho.sentence(schedule);
    }

    private static void lastRun(EngineState.LastRun last, Session session, ZoneId zone, Instant now) {
        last.at()
                .ifPresent(at -> line(
                        session,
                        "last run",
                        TimeText.both(at, zone, now)
                                + last.status()
                                        .map(word -> "  " + session.style().word(word))
                                        .orElse("")
                                + last.took()
                                        .map(took -> "  " + TimeText.took(took))
                                        .orElse("")));
        last.error().ifPresent(error -> line(session, "last error", error));
        last.deliveryStatus()
                .ifPresent(
                        word -> line(session, "last delivery", session.style().word(word)));
        last.deliveryError().ifPresent(error -> line(session, "delivery error", error));
    }

    private static String failures(int streak) {
        return streak == 0 ? "" : ", the last " + streak + " failed";
    }

    private static String pauseNote(JobDefinition definition, ZoneId zone, Instant now) {
        return definition
                        .get(JobField.PAUSED_AT)
                        .map(at -> " since " + TimeText.both(at, zone, now))
                        .orElse("")
                + definition.get(JobField.PAUSED_REASON).map(why -> ": " + why).orElse("");
    }

    private static <T> Optional<String> field(JobDefinition definition, JobField<T> field) {
        return definition.get(field).map(value -> {
            Object plain = field.write(value);
            return plain instanceof Map || plain instanceof Iterable ? Json.line(plain) : String.valueOf(plain);
        });
    }

    private static void line(Session session, String label, String text) {
        String shown = text.indexOf('\u001b') >= 0 ? text : TextWidth.plain(text);
        session.say("  " + TextWidth.pad(label, LABEL_COLUMN) + shown);
    }
}
