package dev.kairos.app.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos quickstart}. */
final class QuickstartCommand extends Command {
    @Override
    List<String> description() {
        return List.of(
                "Makes a throw-away home with a sample job, shows it firing, running and delivering, and cleans up.",
                "Takes some ten seconds. Your own home is not touched.");
    }

    @Override
    List<String> examples() {
        return List.of("kairos quickstart");
    }

    @Override
    void define(CommandSpec spec) {
        // nothing beside the common options
    }

    @Override
    int run(Arguments arguments, Session session) throws Exception {
        session.endOnRequest();
        Path home = Files.createTempDirectory("kairos-quickstart-");
        try {
            return new Quickstart(session, home).run();
        } finally {
            Folders.deleteTree(home);
            session.say("Cleaned up: " + home + " is gone.");
        }
    }
}
