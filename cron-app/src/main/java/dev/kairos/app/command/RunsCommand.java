package dev.kairos.app.command;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.builtin.Nearest;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos runs}. */
final class RunsCommand extends Command {
    private static final int MOST = 10_000;

    @Override
    List<String> description() {
        return List.of("Shows the ledger, newest first: what ran, what was skipped and why, what waits.");
    }

    @Override
    List<String> examples() {
        return List.of("kairos runs", "kairos runs backup --limit 50 --status error,timed_out");
    }

    @Override
    void define(CommandSpec spec) {
        spec.addPositional(Options.optional(0, "JOB", "only this job's"));
        spec.addOption(Options.value("COUNT", "how many at most, 1 to " + MOST + " (default: 20)", "-n", "--limit"));
        spec.addOption(Options.choice(
                "STATUS",
                Arrays.stream(ExecutionStatus.values())
                        .map(ExecutionStatus::word)
                        .toList(),
                "only these, a comma list: ok, error, skipped ...",
                "--status"));
    }

    @Override
    int run(Arguments arguments, Session session) {
        int limit = arguments.number("--limit", 20, 1, MOST);
        Set<ExecutionStatus> statuses =
                arguments.text("--status").map(RunsCommand::statuses).orElse(Set.of());
        Optional<OpenHome> home = session.opened();
        Optional<String> jobId =
                arguments.positional(0).map(reference -> session.existing().jobIdOrPast(reference));
        List<Execution> rows = home.map(open -> open.store()
                        .ledger()
                        .list(new ExecutionQuery(jobId, Optional.empty(), statuses, Optional.empty(), limit)))
                .orElse(List.of());
        if (session.isJson()) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("runs", rows.stream().map(ExecutionTree::of).toList());
            session.document(tree);
            return ExitCode.DONE;
        }
        if (rows.isEmpty()) {
            session.say(
                    "Nothing is in the ledger" + (jobId.isPresent() || !statuses.isEmpty() ? " that fits." : " yet."));
            return ExitCode.DONE;
        }
        Map<String, Job> jobs = home.map(
                        open -> open.store().jobs().list().stream().collect(Collectors.toMap(Job::id, job -> job)))
                .orElse(Map.of());
        RunsTable.of(rows, jobs, session)
                .lines(session.io().width(), session.style())
                .forEach(session::say);
        return ExitCode.DONE;
    }

    private static Set<ExecutionStatus> statuses(String text) {
        Set<ExecutionStatus> statuses = EnumSet.noneOf(ExecutionStatus.class);
        for (String part : text.split(",")) {
            String word = part.strip().toLowerCase(Locale.ROOT).replace('-', '_');
            statuses.add(Arrays.stream(ExecutionStatus.values())
                    .filter(status -> status.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> unknown(part.strip())));
        }
        return statuses;
    }

    private static InvalidInputException unknown(String word) {
        List<String> words = Arrays.stream(ExecutionStatus.values())
                .map(ExecutionStatus::word)
                .toList();
        String near = Nearest.to(word, words)
                .map(known -> "; did you mean " + known + "?")
                .orElse("");
        return new InvalidInputException(
                "--status", word, "no such status" + near, "use a comma list of " + String.join(", ", words));
    }
}
