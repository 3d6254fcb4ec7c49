package dev.kairos.app.command;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos pause}. */
final class PauseCommand extends Command {
    @Override
    List<String> description() {
        return List.of("Keeps a job from being due until it is resumed. A run in progress goes on.");
    }

    @Override
    List<String> examples() {
        return List.of("kairos pause backup --reason \"disk is being replaced\"");
    }

    @Override
    void define(CommandSpec spec) {
        spec.addPositional(Options.required(0, "JOB", "its id, its name, or the first 4 or more characters of its id"));
        spec.addOption(Options.value("TEXT", "why, for whoever looks at it later", "--reason"));
    }

    @Override
    int run(Arguments arguments, Session session) {
        new Echo(session)
                .change("Paused", session.writable().jobs().pause(arguments.required(0), arguments.text("--reason")));
        return ExitCode.DONE;
    }
}
