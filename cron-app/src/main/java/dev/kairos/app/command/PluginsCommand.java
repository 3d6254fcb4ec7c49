package dev.kairos.app.command;

import dev.kairos.builtin.PluggedHome;
import dev.kairos.builtin.plugin.PluginCheck;
import dev.kairos.builtin.plugin.PluginListing;
import dev.kairos.builtin.plugin.PluginPlaces;
import dev.kairos.builtin.plugin.PluginState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos plugins}. */
final class PluginsCommand extends Command {
    private static final List<String> VERBS = List.of("list", "verify", "reload");

    @Override
    List<String> description() {
        return List.of(
                "list shows every plug-in on the class path and in the plug-in folders: what it offers, how it is and, if"
                        + " it cannot be used, why and what to do.",
                "verify judges one JAR before you drop it, and warns of what it does that nobody can contain. It loads the"
                        + " JAR and constructs its classes. Exit code 1 if it cannot be used.",
                "reload lets every daemon on this home look again, without a restart.");
    }

    @Override
    List<String> examples() {
        return List.of(
                "kairos plugins list",
                "kairos plugins verify ~/Downloads/pager-1.2.jar",
                "kairos plugins reload --json");
    }

    @Override
    void define(CommandSpec spec) {
        spec.addPositional(Options.required(0, "VERB", "list, verify or reload"));
        spec.addPositional(Options.optional(1, "FILE", "with verify: the JAR"));
    }

    @Override
    int run(Arguments arguments, Session session) throws Exception {
        String verb = arguments.required(0);
        switch (verb) {
            case "list":
                return list(session);
            case "verify":
                return verify(arguments, session);
            case "reload":
                return new PluginReload(session).run();
            default:
                throw CommandFailure.usage(
                        "kairos plugins does not know " + verb, "it knows " + String.join(", ", VERBS));
        }
    }

    private static int list(Session session) {
        List<PluginListing> listings = session.plugins().listings();
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("folder", PluginPlaces.dropped(session.home()).toString());
        tree.put("plugins", PluginTable.trees(listings));
        session.document(tree);
        if (listings.isEmpty()) {
            session.say("No plug-ins. Drop a JAR into " + PluginPlaces.dropped(session.home())
                    + ", then: kairos plugins reload");
        } else {
            PluginTable.tell(listings, session);
        }
        return ExitCode.DONE;
    }

    private static int verify(Arguments arguments, Session session) throws IOException {
        Path file = Path.of(arguments
                        .positional(1)
                        .orElseThrow(() ->
                                CommandFailure.usage("verify needs the name of a JAR", "kairos plugins verify FILE")))
                .toAbsolutePath()
                .normalize();
        Path staging = Folders.temporary("kairos-verify");
        try {
            PluginCheck.Report report =
                    PluggedHome.check(session.environment(), staging).check(file);
            PluginListing listing = report.listing();
            Map<String, Object> tree = new LinkedHashMap<>(PluginTable.tree(listing));
            tree.put("warnings", report.warnings());
            session.document(tree);
            PluginTable.tell(List.of(listing), session);
            report.warnings().forEach(warning -> session.say(session.style().odd("  warning: " + warning)));
            if (!listing.sha256().isEmpty()) {
                session.say("For plugins.lock: " + listing.sha256() + "  " + file.getFileName());
            }
            boolean isGood = listing.state() == PluginState.USABLE;
            return isGood ? ExitCode.DONE : ExitCode.FAILED;
        } finally {
            Folders.deleteTree(staging);
        }
    }
}
