package dev.kairos.app.command;

import java.util.List;
import java.util.Map;
import picocli.AutoComplete;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos completion}. */
final class CompletionCommand extends Command {
    @Override
    List<String> description() {
        return List.of("Prints the completion script for bash and zsh: commands, options and the words they take.");
    }

    @Override
    List<String> examples() {
        return List.of(
                "source <(kairos completion)", "kairos completion > ~/.local/share/bash-completion/completions/kairos");
    }

    @Override
    void define(CommandSpec spec) {
        // nothing beside the common options
    }

    @Override
    int run(Arguments arguments, Session session) {
        String script = AutoComplete.bash("kairos", CommandLines.all(session.io()));
        session.say(script.stripTrailing());
        session.document(Map.of("shell", "bash", "script", script));
        return ExitCode.DONE;
    }
}
