package dev.kairos.app.command;

import dev.kairos.orchestrator.jobs.JobChange;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos remove}. */
final class RemoveCommand extends Command {
    @Override
    List<String> description() {
        return List.of(
                "Deletes a job and cancels its deliveries. A run in progress goes on to its end.",
                "Its outputs stay unless --purge is given.");
    }

    @Override
    List<String> examples() {
        return List.of("kairos remove backup", "kairos remove backup --purge");
    }

    @Override
    void define(CommandSpec spec) {
        spec.addPositional(Options.required(0, "JOB", "its id, its name, or the first 4 or more characters of its id"));
        spec.addOption(Options.flag("delete its outputs too", "--purge"));
    }

    @Override
    int run(Arguments arguments, Session session) throws IOException {
        OpenHome home = session.writable();
        JobChange change = home.jobs().remove(arguments.required(0));
        if (arguments.has("--purge")) {
            home.outputs().purge(change.job().id());
        }
        new Echo(session).change("Removed", change);
        return ExitCode.DONE;
    }
}
