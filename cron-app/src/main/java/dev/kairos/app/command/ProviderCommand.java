package dev.kairos.app.command;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos provider}. */
final class ProviderCommand extends Command {
    @Override
    List<String> description() {
        return List.of(
                "switch NAME lets another provider pull the trigger, from now on and after a restart: every live daemon is",
                "asked first whether it can, then config.yaml is changed, then each hands over without losing or doubling",
                "anything. Where one cannot, nothing is changed, and the exit code is 1.");
    }

    @Override
    List<String> examples() {
        return List.of("kairos provider switch quartz", "kairos provider switch builtin --json");
    }

    @Override
    void define(CommandSpec spec) {
        spec.addPositional(Options.required(0, "VERB", "switch"));
        spec.addPositional(Options.required(1, "NAME", "builtin, none, or a name that kairos providers lists"));
    }

    @Override
    int run(Arguments arguments, Session session) throws Exception {
        String verb = arguments.required(0);
        if (!verb.equals("switch")) {
            throw CommandFailure.usage(
                    "kairos provider does not know " + verb, "it knows switch: kairos provider switch NAME");
        }
        return new ProviderSwitch(session, ProvidersCommand.plain(arguments.required(1))).run();
    }
}
