package dev.kairos.app.command;

import dev.kairos.api.store.StoreException;
import dev.kairos.app.terminal.TextWidth;
import dev.kairos.app.terminal.TimeText;
import dev.kairos.orchestrator.PlainWords;
import dev.kairos.orchestrator.health.HeartbeatReader;
import dev.kairos.orchestrator.health.NodeHealth;
import dev.kairos.orchestrator.health.NodeHealth.Condition;
import dev.kairos.orchestrator.health.NodePlace;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code status} can say while the store does not answer, or was written by an older version: that, since when, and what
 * the heartbeats of the home tell.
 */
final class LostStore {
    private final Session session;
    private final String asked;

    LostStore(Session session, String asked) {
        this.session = session;
        this.asked = asked;
    }

    int tell(StoreException failure) {
        CommandFailure told = Failures.saysWhatToDo(
                String.valueOf(failure.getMessage()), "see whether its server runs, and try again");
        Instant now = session.environment().now();
        List<NodeHealth> nodes = heartbeats(session);
        NodePlace here = LiveNodes.here(session);
        Optional<Instant> since = since(nodes);
        session.say(session.style().bad("not healthy") + "  home " + session.home() + ", cron.provider " + asked);
        session.say("  " + session.style().bad(TextWidth.plain(String.valueOf(told.getMessage())))
                + since.map(at -> ", since " + TimeText.machine(at) + ", " + TimeText.relative(at, now))
                        .orElse(""));
        session.say("    " + TextWidth.plain(told.advice()));
        boolean isOutdated = failure.kind() == StoreException.Kind.OUTDATED;
        if (nodes.isEmpty()) {
            session.say("  no daemon of this home gives a sign of life; start it with \"kairos serve\""
                    + (isOutdated ? "" : " once the store answers"));
        }
        nodes.forEach(node -> new NodeLine(node, here, asked, now).lines().forEach(session::say));
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("healthy", false);
        tree.put("home", session.home().toString());
        tree.put("provider_asked", asked);
        Map<String, Object> store = new LinkedHashMap<>();
        store.put("what", String.valueOf(told.getMessage()));
        store.put("do", told.advice());
        since.ifPresent(at -> store.put("since", TimeText.machine(at)));
        tree.put(isOutdated ? "store_outdated" : "store_lost", store);
        tree.put(
                "nodes",
                nodes.stream()
                        .map(node -> new NodeLine(node, here, asked, now).tree())
                        .toList());
        session.document(tree);
        return ExitCode.FAILED;
    }

    /** Since when a daemon has had no answer, if one says so. */
    static Optional<Instant> since(List<NodeHealth> nodes) {
        return nodes.stream()
                .flatMap(node -> node.notes().storeSilentSince().stream())
                .min(Instant::compareTo);
    }

    /** Only the store knows who left without a word: those that give no sign of life are left out. */
    static List<NodeHealth> heartbeats(Session session) {
        try {
            return new HeartbeatReader(session.environment(), session.home())
                    .all().stream()
                            .filter(node -> node.condition() != Condition.STALLED
                                    && node.alive().isPresent())
                            .toList();
        } catch (IOException e) {
            session.note("the heartbeats of this home cannot be read: " + PlainWords.of(e));
            return List.of();
        }
    }
}
