package dev.kairos.app.command;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos cancel}. */
final class CancelCommand extends Command {
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
        new Echo(session)
                .change(
                        "Cancelled what ran and waited of",
                        session.writable().jobs().cancel(arguments.required(0), arguments.text("--execution")));
        return ExitCode.DONE;
    }
}
