package dev.kairos.app.command;

import dev.kairos.builtin.plugin.PluginListing;
import dev.kairos.builtin.plugin.PluginNotes;
import dev.kairos.orchestrator.health.NodeHealth;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks every daemon on the home to look at the plug-ins again, and shows what each has then. */
final class PluginReload {
    /** A provider that is replaced has some ten seconds to end, and each class that hangs takes five. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofSeconds(2);

    private final Session session;
    private final PluginNotes notes;

    PluginReload(Session session) {
        this.session = session;
        this.notes = new PluginNotes(session.environment(), session.home());
    }

    int run() throws IOException, InterruptedException {
        session.refuseWithinRun(); // it lets a daemon run what was dropped
        List<NodeHealth> daemons = session.opened().map(this::daemons).orElse(List.of());
        List<NodeHealth> stopped =
                daemons.stream().filter(NodeHealth::isStopped).toList();
        List<String> waiting = new ArrayList<>(daemons.stream()
                .filter(node -> !node.isStopped())
                .map(NodeHealth::node)
                .toList());
        Map<String, List<PluginListing>> answers = new LinkedHashMap<>();
        if (!waiting.isEmpty()) {
            String wish = notes.wish();
            try {
                await(wish, waiting, answers);
            } finally {
                notes.withdraw(wish);
            }
        }
        return tell(waiting, stopped, answers);
    }

    private List<NodeHealth> daemons(OpenHome home) {
        return LiveNodes.ofThisHome(home, session.environment());
    }

    private void await(String wish, List<String> waiting, Map<String, List<PluginListing>> answers)
            throws IOException, InterruptedException {
        Duration begun = session.environment().uptime();
        boolean isSaid = false;
        while (!waiting.isEmpty()) {
            for (String node : List.copyOf(waiting)) {
                Optional<PluginNotes.Told> told =
                        notes.told(node).filter(answer -> answer.wishes().contains(wish));
                told.ifPresent(answer -> {
                    answers.put(node, answer.plugins());
                    waiting.remove(node);
                });
            }
            Duration passed = session.environment().uptime().minus(begun);
            if (waiting.isEmpty() || passed.compareTo(PATIENCE) > 0) {
                return;
            }
            if (!isSaid && passed.compareTo(LONG) > 0) {
                session.note("waiting for " + String.join(", ", waiting));
                isSaid = true;
            }
            session.environment().sleep(PAUSE);
        }
    }

    private int tell(List<String> silent, List<NodeHealth> stopped, Map<String, List<PluginListing>> answers) {
        List<Map<String, Object>> nodes = new ArrayList<>();
        answers.forEach((node, plugins) -> {
            session.say("node " + node + (plugins.isEmpty() ? ": no plug-ins" : ""));
            if (!plugins.isEmpty()) {
                PluginTable.tell(plugins, session);
            }
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("node", node);
            tree.put("plugins", PluginTable.trees(plugins));
            nodes.add(tree);
        });
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("nodes", nodes);
        tree.put("silent", silent);
        tree.put("stopped", stopped.stream().map(NodeHealth::node).toList());
        if (answers.isEmpty() && silent.isEmpty() && stopped.isEmpty()) {
            List<PluginListing> here = session.plugins().listings();
            tree.put("plugins", PluginTable.trees(here));
            session.say("No daemon fires on this home; the next one to start has these:");
            PluginTable.tell(here, session);
        }
        session.document(tree);
        silent.forEach(node -> session.note("node " + node + " did not answer within " + PATIENCE.toSeconds()
                + " s and may have what it had; restart it, or see its log"));
        stopped.forEach(node -> session.note("node " + node.node()
                + " is stopped and has what it had; let it go on: kill -CONT "
                + node.pid().map(Object::toString).orElse("PID") + ", then: kairos plugins reload; or restart it"));
        return silent.isEmpty() && stopped.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }
}
