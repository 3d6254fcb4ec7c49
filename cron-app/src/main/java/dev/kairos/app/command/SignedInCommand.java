package dev.kairos.app.command;

import dev.kairos.orchestrator.Gates;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos signed-in}. */
final class SignedInCommand extends Command {
    @Override
    List<String> description() {
        return List.of(
                "Says that you have signed in again to a model entry whose session had lapsed.",
                "Agent jobs on it run again; one-shots that were paused for it run now.",
                "A changed credential is noticed without this.");
    }

    @Override
    List<String> examples() {
        return List.of("kairos signed-in main");
    }

    @Override
    void define(CommandSpec spec) {
        spec.addPositional(Options.required(0, "MODEL", "the model entry, as in agent.models"));
    }

    @Override
    int run(Arguments arguments, Session session) {
        OpenHome home = session.writable();
        String entry = arguments.required(0);
        if (!home.runtime().signedIn(entry)) {
            List<String> waiting =
                    home.runtime().signedOut().stream().map(Gates.Closed::entry).toList();
            throw CommandFailure.notFound(
                    "the session of \"" + entry + "\" has not lapsed",
                    waiting.isEmpty()
                            ? "no model entry waits for a sign-in"
                            : "these wait for one: " + String.join(", ", waiting));
        }
        session.say("Signed in to " + entry + ": its agent jobs run again.");
        session.document(Map.of("signed_in", entry));
        return ExitCode.DONE;
    }
}
