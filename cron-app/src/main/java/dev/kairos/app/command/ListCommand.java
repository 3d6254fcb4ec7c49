package dev.kairos.app.command;

import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.JobState;
import dev.kairos.app.terminal.Table;
import dev.kairos.app.terminal.TimeText;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos list}. */
final class ListCommand extends Command {
    @Override
    List<String> description() {
        return List.of("Lists the jobs by when they are due next; completed ones only with --all.");
    }

    @Override
    List<String> examples() {
        return List.of("kairos list", "kairos list --all --json");
    }

    @Override
    void define(CommandSpec spec) {
        spec.addOption(Options.flag("completed jobs too", "-a", "--all"));
    }

    @Override
    int run(Arguments arguments, Session session) {
        List<Job> all = session.opened().map(home -> home.store().jobs().list()).orElse(List.of());
        List<Job> shown = new ArrayList<>(all);
        if (!arguments.has("--all")) {
            shown.removeIf(job -> job.engine().state() == JobState.COMPLETED);
        }
        shown.sort(Comparator.comparing((Job job) -> job.engine().dueAt().orElse(Instant.MAX))
                .thenComparing(Job::displayName));
        if (session.isJson()) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("jobs", shown.stream().map(JobTree::of).toList());
            tree.put("live_nodes", LiveNodes.count(session));
            session.document(tree);
            return ExitCode.DONE;
        }
        if (shown.isEmpty()) {
            session.say(
                    all.isEmpty()
                            ? "No jobs yet. Add one: kairos add \"every day at 9\" --script report.sh --no-agent"
                            : "Every job is completed; kairos list --all shows them.");
            return ExitCode.DONE;
        }
        table(shown, session).lines(session.io().width(), session.style()).forEach(session::say);
        int hidden = all.size() - shown.size();
        if (hidden > 0) {
            session.say(session.style().faint(hidden + " completed: kairos list --all"));
        }
        LiveNodes.remark(session);
        return ExitCode.DONE;
    }

    private static Table table(List<Job> jobs, Session session) {
        Instant now = session.now();
        UnaryOperator<String> asWord = session.style()::word;
        Table table = new Table()
                .column("ID", UnaryOperator.identity())
                .shrinking("NAME", 10)
                .shrinking("SCHEDULE", 10)
                .column("STATE", asWord)
                .shrinking("NEXT", 19)
                .column("LAST", asWord);
        boolean isAnyMissing = jobs.stream().anyMatch(job -> !undelivered(job).isEmpty());
        if (isAnyMissing) {
            table.column("DELIVERY", asWord);
        }
        for (Job job : jobs) {
            List<String> cells = new ArrayList<>(List.of(
                    job.id(),
                    job.definition().name(),
                    schedule(job),
                    job.engine().state().word(),
                    next(job.engine(), zone(job), now),
                    job.engine().lastRun().status().orElse("-")));
            if (isAnyMissing) {
                cells.add(undelivered(job));
            }
            table.row(cells.toArray(String[]::new));
        }
        return table;
    }

    /** What became of its last message where that did not arrive, or not yet; empty otherwise. */
    private static String undelivered(Job job) {
        return job.engine()
                .lastRun()
                .deliveryStatus()
                .filter(Set.of("failed", "unknown", "retrying")::contains)
                .orElse("");
    }

    private static String schedule(Job job) {
        return job.definition()
                .get(JobField.SCHEDULE)
                .map(schedule -> schedule.display())
                .orElse("?");
    }

    static ZoneId zone(Job job) {
        return job.definition()
                .get(JobField.SCHEDULE)
                .map(schedule -> schedule.zone())
                .orElse(ZoneOffset.UTC);
    }

    /** The next nominal instant, the jitter behind it where there is any. */
    static String next(EngineState engine, ZoneId zone, Instant now) {
        return engine.nextRunAt()
                .map(next -> TimeText.both(next, zone, now)
                        + engine.dueAt()
                                .filter(due -> due.isAfter(next))
                                .map(due -> " (+" + (due.getEpochSecond() - next.getEpochSecond()) + " s)")
                                .orElse(""))
                .orElse("-");
    }
}
