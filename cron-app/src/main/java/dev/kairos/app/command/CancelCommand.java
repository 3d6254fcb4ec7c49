package dev.kairos.app.command;

import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.orchestrator.jobs.JobChange;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos cancel}. */
final class CancelCommand extends Command {
    private static final int MOST = 10_000;

    @Override
    List<String> description() {
        return List.of(
                "Ends a job's run in progress and withdraws what waits. The job stays, and so does its schedule.");
    }

    @Override
    List<String> examples() {
        return List.of("kairos cancel backup", "kairos cancel backup --execution 3f9a1c2b4d5e6f70");
    }

    @Override
    void define(CommandSpec spec) {
        spec.addPositional(Options.required(0, "JOB", "its id, its name, or the first 4 or more characters of its id"));
        spec.addOption(Options.value("ID", "only this execution", "--execution"));
    }

    @Override
    int run(Arguments arguments, Session session) {
        OpenHome home = session.writable();
        Job job = home.jobs().find(arguments.required(0));
        arguments
                .text("--execution")
                .filter(id -> home.store()
                        .ledger()
                        .find(id)
                        .filter(row -> row.jobId().equals(job.id()))
                        .isEmpty())
                .ifPresent(id -> {
                    throw CommandFailure.notFound(
                            "job " + job.id() + " has no execution " + id,
                            "kairos runs " + job.id() + " shows its executions");
                });
        JobChange change = home.jobs().cancel(job.id(), arguments.text("--execution"));
        if (isOwnerGone(home, session, change.job().id())) {
            // nobody else may come by: joining recovers the row, and ends what its dead node started before that
            FiringHere.join(session, home.runtime()).close();
        }
        new Echo(session).change("Cancelled what ran and waited of", change);
        return ExitCode.DONE;
    }

    /** Whether a run of the job was started by a process that lives no more. */
    private static boolean isOwnerGone(OpenHome home, Session session, String jobId) {
        Set<String> live = LiveNodes.of(home.store(), session.environment().nodeProbe()).stream()
                .map(lease -> lease.node().id())
                .collect(Collectors.toSet());
        ExecutionQuery owned = new ExecutionQuery(
                Optional.of(jobId),
                Optional.empty(),
                Set.of(ExecutionStatus.CLAIMED, ExecutionStatus.RUNNING),
                Optional.empty(),
                MOST);
        return home.store().ledger().list(owned).stream()
                .anyMatch(row -> row.node().filter(live::contains).isEmpty());
    }
}
