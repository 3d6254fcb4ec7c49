package dev.kairos.app.command;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.orchestrator.jobs.JobChange;
import dev.kairos.orchestrator.schedule.ParsedSchedule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos add}. */
final class AddCommand extends Command {
    @Override
    List<String> description() {
        return List.of(
                "Declares a job: when, what, and where the result goes. Says what it understood.",
                "A script lies in the home's scripts folder. Called alone on a terminal, it asks step by step.");
    }

    @Override
    List<String> examples() {
        return List.of(
                "kairos add \"every 2h\" --script backup.sh --no-agent --name backup",
                "kairos add \"weekdays at 9am\" \"Summarise the news\" --tz Europe/Warsaw --deliver local",
                "kairos add 30m --script remind.sh --no-agent --name tea",
                "kairos add \"0 3 * * *\" --script vacuum.py --no-agent --timeout 10m --misfire skip:1h --retry 2:30s");
    }

    @Override
    void define(CommandSpec spec) {
        spec.addPositional(Options.optional(0, "WHEN", "the schedule, in quotes"));
        spec.addPositional(Options.optional(1, "TASK", "the task for the agent, in quotes"));
        JobFlags.define(spec);
    }

    @Override
    int run(Arguments arguments, Session session) throws IOException {
        if (arguments.positional(0).isEmpty() && !JobFlags.anyIn(arguments)) {
            return alone(session);
        }
        JobDefinition.Builder definition = JobDefinition.builder();
        JobFlags.values(arguments).forEach((field, value) -> value.ifPresent(given -> put(definition, field, given)));
        oneOf("TASK", arguments.positional(1), "--prompt", arguments.text("--prompt"))
                .ifPresent(task -> definition.setRaw(JobField.PROMPT, task));
        String when = oneOf("WHEN", arguments.positional(0), "--schedule", arguments.text("--schedule"))
                .orElseThrow(() -> CommandFailure.usage(
                        "the schedule is missing", "begin with it, for example: kairos add \"every 2h\" ..."));
        OpenHome home = session.keeping();
        ParsedSchedule schedule = home.jobs().readSchedule(when, JobFlags.zone(arguments));
        definition.set(JobField.SCHEDULE, schedule.schedule());
        added(session, home, definition.build(), schedule.notes());
        return ExitCode.DONE;
    }

    private static int alone(Session session) throws IOException {
        if (!session.io().isInteractive() || session.isJson()) {
            throw CommandFailure.usage(
                    "the schedule is missing",
                    "begin with it, for example: kairos add \"every 2h\" --script backup.sh --no-agent");
        }
        OpenHome home = session.keeping();
        Optional<AddDialogue.Answers> answers = new AddDialogue(session, home).ask();
        if (answers.isEmpty()) {
            session.say("Nothing was added.");
            return ExitCode.FAILED;
        }
        added(session, home, answers.get().definition(), answers.get().notes());
        return ExitCode.DONE;
    }

    private static void added(Session session, OpenHome home, JobDefinition wanted, List<String> scheduleNotes) {
        List<Job> namesakes = home.jobs().list().stream()
                .filter(other ->
                        !wanted.name().isEmpty() && other.definition().name().equalsIgnoreCase(wanted.name()))
                .toList();
        JobChange created = home.jobs().create(wanted);
        List<String> notes = new ArrayList<>(created.notes());
        if (!namesakes.isEmpty()) {
            notes.add("Another job has this name (" + namesakes.get(0).id()
                    + "): name both by their ids, or give one another name: kairos edit "
                    + created.job().id() + " --name NAME");
        }
        MissingAbility.of(wanted, home.runtime()::abilities, LiveNodes.daemons(home, session.environment()))
                .ifPresent(needed -> notes.add("It is saved, but nothing here can run it: it needs " + needed + "; "
                        + MissingAbility.advice(needed, created.job().id())));
        new Echo(session).withSchedule("Added", new JobChange(created.job(), created.changed(), notes), scheduleNotes);
    }

    private static Optional<String> oneOf(
            String place, Optional<String> positional, String flag, Optional<String> given) {
        if (positional.isPresent() && given.isPresent()) {
            throw CommandFailure.usage(
                    place + " and " + flag + " say the same thing twice", "leave one of the two out");
        }
        return positional.or(() -> given);
    }

    @SuppressWarnings("unchecked") // the flag read the value through this very field
    private static <T> void put(JobDefinition.Builder definition, JobField<T> field, Object value) {
        definition.set(field, (T) value);
    }
}
