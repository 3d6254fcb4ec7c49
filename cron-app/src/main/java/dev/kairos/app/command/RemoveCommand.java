package dev.kairos.app.command;

import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.orchestrator.jobs.JobChange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos remove}. */
final class RemoveCommand extends Command {
    @Override
    List<String> description() {
        return List.of(
                "Deletes a job and cancels its deliveries. A run in progress goes on to its end.",
                "Its outputs and its state folder stay unless --purge is given.");
    }

    @Override
    List<String> examples() {
        return List.of("kairos remove backup", "kairos remove backup --purge");
    }

    @Override
    void define(CommandSpec spec) {
        spec.addPositional(Options.required(0, "JOB", "its id, its name, or the first 4 or more characters of its id"));
        spec.addOption(Options.flag("delete its outputs and its state folder too", "--purge"));
    }

    @Override
    int run(Arguments arguments, Session session) throws IOException {
        OpenHome home = session.writable();
        JobChange change = home.jobs().remove(arguments.required(0));
        if (arguments.has("--purge")) {
            home.outputs().purge(change.job().id());
            change = withNote(change, purgeState(home, change.job().id()));
        }
        new Echo(session).change("Removed", change);
        return ExitCode.DONE;
    }

    /**
     * Deletes the folder that the job's scripts had for themselves, unless one of them may still write there.
     *
     * @return what stays and why
     */
    private static Optional<String> purgeState(OpenHome home, String jobId) throws IOException {
        Path folder = home.folder().resolve("cron").resolve("state").resolve(jobId); // a legal id leads nowhere else
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        ExecutionQuery inProgress =
                ExecutionQuery.ofJob(jobId, 1).in(Set.of(ExecutionStatus.CLAIMED, ExecutionStatus.RUNNING));
        if (!home.store().ledger().list(inProgress).isEmpty()) {
            return Optional.of("Its state folder " + folder + " stays for the run in progress; delete it afterwards.");
        }
        Folders.deleteTree(folder);
        return Optional.empty();
    }

    private static JobChange withNote(JobChange change, Optional<String> note) {
        List<String> notes = new ArrayList<>(change.notes());
        note.ifPresent(notes::add);
        return new JobChange(change.job(), change.changed(), notes);
    }
}
