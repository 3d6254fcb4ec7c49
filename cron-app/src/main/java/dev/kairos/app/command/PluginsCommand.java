package dev.kairos.app.command;

import dev.kairos.builtin.PluggedHome;
import dev.kairos.builtin.plugin.PluginCheck;
import dev.kairos.builtin.plugin.PluginListing;
import dev.kairos.builtin.plugin.PluginNotes;
import dev.kairos.builtin.plugin.PluginPlaces;
import dev.kairos.builtin.plugin.PluginState;
import dev.kairos.orchestrator.health.HeartbeatReader;
import dev.kairos.orchestrator.health.NodeHealth;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
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

    private static int list(Session session) throws IOException {
        List<PluginListing> listings = session.plugins().listings();
        List<String> behind = behind(listings, session);
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("folder", PluginPlaces.dropped(session.home()).toString());
        tree.put("plugins", PluginTable.trees(listings));
        tree.put("nodes_behind", behind);
        session.document(tree);
        if (listings.isEmpty()) {
            session.say("No plug-ins. Drop a JAR into " + PluginPlaces.dropped(session.home())
                    + ", then: kairos plugins reload");
        } else {
            PluginTable.tell(listings, session);
        }
        behind.forEach(node -> session.say(session.style()
                .odd("node " + node + " has others than these until it looks again: kairos plugins reload")));
        return ExitCode.DONE;
    }

    /** The live daemons that loaded something else than what is there now. */
    private static List<String> behind(List<PluginListing> listings, Session session) throws IOException {
        PluginNotes notes = new PluginNotes(session.environment(), session.home());
        HeartbeatReader heartbeats = new HeartbeatReader(session.environment(), session.home());
        List<String> behind = new ArrayList<>();
        for (String node : notes.nodes()) {
            boolean isAlive = heartbeats.of(node).condition() == NodeHealth.Condition.ALIVE;
            boolean isSame = notes.told(node)
                    .filter(told -> jars(told.plugins()).equals(jars(listings)))
                    .isPresent();
            if (isAlive && !isSame) {
                behind.add(node);
            }
        }
        return behind;
    }

    private static Set<String> jars(List<PluginListing> listings) {
        return listings.stream()
                .filter(listing ->
                        !listing.source().equals(PluginListing.CLASS_PATH) && listing.state() != PluginState.RETIRING)
                .map(listing -> listing.source() + " " + listing.sha256() + " " + listing.state())
                .collect(Collectors.toSet());
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
