package dev.kairos.app.command;

import dev.kairos.api.store.StoreException;
import dev.kairos.api.store.StoreException.Kind;
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
import java.util.Set;

/**
 * What {@code status} can say while the store does not answer, was written by an older version, or was not made yet: that, since
 * when, and what the heartbeats of the home tell.
 */
final class LostStore {
    private static final Set<Kind> KINDS = Set.of(Kind.TRANSIENT, Kind.OUTDATED, Kind.ABSENT);

    private final Session session;
    private final String asked;

    LostStore(Session session, String asked) {
        this.session = session;
        this.asked = asked;
    }

    /** What there is instead of a store that was opened. */
    private enum Instead {
        SILENCE("store_lost"),
        OLDER_ONE("store_outdated"),
        NONE_YET("store_absent");

        private final String key;

        Instead(String key) {
            this.key = key;
        }

        static Instead of(StoreException failure, List<NodeHealth> nodes) {
            if (isYetToBeMade(failure, nodes)) {
                return NONE_YET;
            }
            return failure.kind() == Kind.OUTDATED ? OLDER_ONE : SILENCE;
        }
    }

    /** Whether status can tell something for all that. */
    static boolean isOne(StoreException failure) {
        return KINDS.contains(failure.kind());
    }

    /** Whether there is no store, and nobody gives a sign of life who knows one. */
    static boolean isYetToBeMade(StoreException failure, List<NodeHealth> nodes) {
        return failure.kind() == Kind.ABSENT && nodes.isEmpty();
    }

    /** The failure for a person to whom nothing is broken. */
    static String yetToBeMade(CommandFailure told) {
        return TextWidth.plain("Nothing was kept yet. " + told.getMessage());
    }

    int tell(StoreException failure) {
        CommandFailure told = Failures.saysWhatToDo(
                String.valueOf(failure.getMessage()), "see whether its server runs, and try again");
        Instant now = session.environment().now();
        List<NodeHealth> nodes = heartbeats(session);
        Instead instead = Instead.of(failure, nodes);
        NodePlace here = LiveNodes.here(session);
        Optional<Instant> since = since(nodes);
        session.say(session.style().bad("not healthy") + "  home " + session.home() + ", cron.provider " + asked);
        session.say("  "
                + (instead == Instead.NONE_YET
                        ? yetToBeMade(told)
                        : session.style().bad(TextWidth.plain(String.valueOf(told.getMessage()))))
                + since.map(at -> ", since " + TimeText.machine(at) + ", " + TimeText.relative(at, now))
                        .orElse(""));
        session.say("    " + TextWidth.plain(told.advice()));
        if (nodes.isEmpty()) {
            session.say("  no daemon of this home gives a sign of life; start it with \"kairos serve\""
                    + (instead == Instead.SILENCE ? " once the store answers" : ""));
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
        tree.put(instead.key, store);
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
