package dev.kairos.app.command;

import dev.kairos.app.terminal.TimeText;
import dev.kairos.orchestrator.schedule.ParsedSchedule;
import dev.kairos.orchestrator.schedule.ScheduleContext;
import dev.kairos.orchestrator.schedule.ScheduleParser;
import dev.kairos.orchestrator.schedule.SchedulePreview;
import dev.kairos.orchestrator.schedule.ScheduleZones;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos next}: what a schedule means, without a job. */
final class NextCommand extends Command {
    private static final int MOST = 1_000;

    @Override
    List<String> description() {
        return List.of(
                "Says what a schedule means and when it is due next. Stores nothing.",
                "With --batch it answers JSON lines from standard input in order, one line each:",
                "{\"expr\",\"tz\",\"from\",\"n\"} gives {\"next\":[...]} or {\"error\":{...}}.");
    }

    @Override
    List<String> examples() {
        return List.of(
                "kairos next \"weekdays at 9am\" --tz Europe/Warsaw",
                "kairos next \"0 0 L * *\" -n 12 --from 2027-01-01",
                "echo '{\"expr\":\"*/15 9-17 * * MON-FRI\",\"tz\":\"UTC\",\"n\":3}' | kairos next --batch");
    }

    @Override
    void define(CommandSpec spec) {
        spec.addPositional(Options.optional(0, "SCHEDULE", "the schedule, in quotes"));
        spec.addOption(Options.value("COUNT", "how many instants, 1 to " + MOST + " (default: 5)", "-n", "--count"));
        spec.addOption(Options.value("INSTANT", "the base; every instant shown is later (default: now)", "--from"));
        spec.addOption(Options.value("ZONE", "the zone the schedule is read in", "--tz", "--timezone"));
        spec.addOption(Options.flag("answer JSON lines from standard input", "--batch"));
    }

    @Override
    int run(Arguments arguments, Session session) throws Exception {
        Optional<ZoneId> own = arguments.text("--tz").map(text -> ScheduleZones.parse(text, "--tz"));
        ZoneId zone = session.zone(own);
        if (arguments.has("--batch")) {
            if (arguments.positional(0).isPresent()) {
                throw CommandFailure.usage(
                        "--batch reads its schedules from standard input", "leave SCHEDULE out, or leave --batch out");
            }
            return new NextBatch(session, zone).run();
        }
        String text = arguments
                .positional(0)
                .orElseThrow(() -> CommandFailure.usage(
                        "SCHEDULE is missing", "write for example: kairos next \"weekdays at 9am\""));
        Instant now = session.now();
        Instant from = arguments
                .text("--from")
                .map(given -> InstantText.parse("--from", given, zone))
                .orElse(now);
        ScheduleContext context = ScheduleContext.of(from, zone);
        ParsedSchedule parsed =
                ScheduleParser.parse(text, own.map(context::withJobZone).orElse(context));
        SchedulePreview preview = SchedulePreview.of(parsed, from, arguments.number("-n", 5, 1, MOST));
        session.document(ScheduleEcho.tree(parsed.schedule(), preview));
        ScheduleEcho.lines(parsed.schedule(), preview, now).forEach(session::say);
        if (preview.next().isEmpty()) {
            session.say("  it is never due after "
                    + TimeText.local(from, parsed.schedule().zone()));
        }
        return ExitCode.DONE;
    }
}
