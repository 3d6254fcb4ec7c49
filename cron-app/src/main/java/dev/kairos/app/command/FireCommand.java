package dev.kairos.app.command;

import dev.kairos.api.FireResult;
import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.app.terminal.TimeText;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos fire}. */
final class FireCommand extends Command {
    private static final Set<ExecutionStatus> WAITING =
            EnumSet.of(ExecutionStatus.REQUESTED, ExecutionStatus.QUEUED, ExecutionStatus.RETRY);
    private static final int ROWS = 100;

    @Override
    List<String> description() {
        return List.of(
                "What an outside trigger calls: claims what of the job is due now, runs it and delivers it.",
                "Exit code 0: it ran, well or not. 1: it was claimed and did not run. 4: nothing was claimed, with the reason.",
                "For the reserved id _wake it does what kairos tick does, for whatever waits beside the schedules.");
    }

    @Override
    List<String> examples() {
        return List.of("kairos fire backup");
    }

    @Override
    void define(CommandSpec spec) {
        spec.addPositional(
                Options.required(0, "JOB", "its id, its name, or the first 4 or more characters of its id; or _wake"));
    }

    @Override
    int run(Arguments arguments, Session session) throws Exception {
        OpenHome home = session.existingWritable();
        if (arguments.required(0).equals(Job.WAKE_ID)) {
            return new TickCommand().run(arguments, session);
        }
        Job job = home.jobs().find(arguments.required(0));
        try (FiringHere here = FiringHere.join(session, home.runtime())) {
            FireResult result = here.runtime().fire(job.id());
            Optional<FireResult.Claimed> claimed = result.fold(Optional::of, refused -> Optional.empty());
            if (claimed.isPresent()) {
                Registration.settle(session); // its next instant is armed while this run goes on, however long
                return ended(
                        session,
                        claimed.get().completion().toCompletableFuture().get());
            }
            return result.fold(won -> ExitCode.DONE, refused -> notClaimed(session, home, job, refused));
        }
    }

    private static int ended(Session session, Execution row) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("claimed", true);
        tree.put("execution", ExecutionTree.of(row));
        session.document(tree);
        session.say("Execution " + row.id() + " ended "
                + session.style().word(row.status().word())
                + row.took().map(took -> " after " + TimeText.took(took)).orElse("")
                + row.error().or(row::reason).map(why -> ": " + why).orElse(""));
        return row.hasRun() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private static int notClaimed(Session session, OpenHome home, Job job, FireResult.NotClaimed refused) {
        String reason = refused.reason().name().toLowerCase(Locale.ROOT);
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("claimed", false);
        tree.put("reason", reason);
        refused.nextDueAt().ifPresent(next -> tree.put("next_due_at", TimeText.machine(next)));
        session.document(tree);
        session.say("Nothing was claimed: " + words(refused.reason(), job) + "."
                + refused.nextDueAt()
                        .map(next -> " Due next: " + TimeText.both(next, ListCommand.zone(job), session.now()))
                        .orElse(""));
        waiting(home, job)
                .ifPresent(row -> session.say("Another run of it waits ("
                        + row.status().word()
                        + row.dueAt()
                                .map(due -> ", due " + TimeText.relative(due, session.now()))
                                .orElse("")
                        + "), which a live daemon takes, or: kairos tick"));
        return ExitCode.NOT_CLAIMED;
    }

    /** What waits of the job beside its schedule, which is all that an outside trigger stands for. */
    private static Optional<Execution> waiting(OpenHome home, Job job) {
        return home.store().ledger().list(ExecutionQuery.ofJob(job.id(), ROWS)).stream()
                .filter(row -> WAITING.contains(row.status()))
                .findFirst();
    }

    private static String words(FireResult.Reason reason, Job job) {
        switch (reason) {
            case NO_SUCH_JOB:
                return "the job is gone";
            case NOT_ENABLED:
                return "the job is " + job.engine().state().word() + ", and no occurrence of it comes";
            case NOT_DUE:
                return "no occurrence of it is due";
            case TAKEN:
                return "somebody else claimed the occurrence, or the job's own rules skipped it; kairos runs "
                        + job.id() + " says which";
            case NOT_ABLE:
                return "this command cannot run it";
            case BUSY:
                return "as many jobs run as may, or the machine slept or the store was away a moment ago";
            case STORE_UNAVAILABLE:
                return "the store does not answer";
            case STOPPING:
                return "this command was asked to end";
            default:
                return reason.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }
}
