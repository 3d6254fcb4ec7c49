package dev.kairos.app.command;

import dev.kairos.api.FireResult;
import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.app.terminal.TimeText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos fire}. */
final class FireCommand extends Command {
    @Override
    List<String> description() {
        return List.of(
                "What an outside trigger calls: claims what of the job is due now, runs it and delivers it.",
                "Exit code 0: it ran. 4: nothing was claimed, with the reason.");
    }

    @Override
    List<String> examples() {
        return List.of("kairos fire backup");
    }

    @Override
    void define(CommandSpec spec) {
        spec.addPositional(Options.required(0, "JOB", "its id, its name, or the first 4 or more characters of its id"));
    }

    @Override
    int run(Arguments arguments, Session session) throws Exception {
        OpenHome home = session.existing();
        Job job = home.jobs().find(arguments.required(0));
        try (FiringHere here = FiringHere.join(session, home.runtime())) {
            FireResult result = here.runtime().fire(job.id());
            Optional<FireResult.Claimed> claimed = result.fold(Optional::of, refused -> Optional.empty());
            if (claimed.isPresent()) {
                return ran(
                        session,
                        claimed.get().completion().toCompletableFuture().get());
            }
            return result.fold(won -> ExitCode.DONE, refused -> notClaimed(session, job, refused));
        }
    }

    private static int ran(Session session, Execution row) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("claimed", true);
        tree.put("execution", ExecutionTree.of(row));
        session.document(tree);
        session.say("Execution " + row.id() + " ended "
                + session.style().word(row.status().word())
                + row.took().map(took -> " after " + TimeText.took(took)).orElse("")
                + row.error().map(error -> ": " + error).orElse(""));
        return ExitCode.DONE;
    }

    private static int notClaimed(Session session, Job job, FireResult.NotClaimed refused) {
        String reason = refused.reason().name().toLowerCase(Locale.ROOT);
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("claimed", false);
        tree.put("reason", reason);
        refused.nextDueAt().ifPresent(next -> tree.put("next_due_at", TimeText.machine(next)));
        session.document(tree);
        session.say("Nothing was claimed (" + reason + ")."
                + refused.nextDueAt()
                        .map(next -> " Due next: "
                                + TimeText.both(
                                        next,
                                        ListCommand.zone(job),
                                        session.environment().now()))
                        .orElse(""));
        return ExitCode.NOT_CLAIMED;
    }
}
