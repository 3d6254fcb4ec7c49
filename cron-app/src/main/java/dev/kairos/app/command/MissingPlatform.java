package dev.kairos.app.command;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.store.JobStore;
import dev.kairos.orchestrator.health.NodeHealth;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A platform that messages wait for and nobody delivers to, as far as the home knows.
 *
 * @param platform its name
 * @param messages how many wait
 * @param since when the first of them was due
 */
record MissingPlatform(String platform, int messages, Instant since) {
    private static final int MOST = 10_000;

    /**
     * The platforms to which no live daemon delivers, nor, while none lives, a daemon of this version would. One that does
     * not say what it can do may deliver anywhere.
     */
    static List<MissingPlatform> of(OpenHome home, List<NodeHealth> daemons) {
        boolean isNothingWaiting = home.store()
                .outbox()
                .list(Optional.empty(), EnumSet.of(EnvelopeState.PENDING, EnvelopeState.RETRY), 1)
                .isEmpty();
        if (isNothingWaiting) { // and no plug-in is loaded to find that out
            return List.of();
        }
        return reached(home, daemons)
                .map(platforms -> beside(home.store(), platforms))
                .orElse(List.of());
    }

    /** The platforms that messages reach from this home, judged in the same way; empty if it may be any. */
    static Optional<Set<String>> reached(OpenHome home, List<NodeHealth> daemons) {
        if (daemons.isEmpty()) {
            return Optional.of(home.runtime().platforms());
        }
        if (daemons.stream().anyMatch(node -> node.notes().abilities().isEmpty())) {
            return Optional.empty();
        }
        Set<String> reached = new HashSet<>();
        daemons.forEach(node -> reached.addAll(node.notes().platforms()));
        return Optional.of(reached);
    }

    /** What waits for others than these, by name. */
    static List<MissingPlatform> beside(JobStore store, Set<String> reached) {
        Map<String, MissingPlatform> missing = new TreeMap<>();
        for (Envelope envelope :
                store.outbox().list(Optional.empty(), EnumSet.of(EnvelopeState.PENDING, EnvelopeState.RETRY), MOST)) {
            if (!reached.contains(envelope.platform())) { // the oldest comes first
                missing.merge(
                        envelope.platform(),
                        new MissingPlatform(envelope.platform(), 1, envelope.nextAttemptAt()),
                        (first, more) -> new MissingPlatform(first.platform, first.messages + 1, first.since));
            }
        }
        return new ArrayList<>(missing.values());
    }

    /** How many messages wait for it, in words. */
    String waiting() {
        return messages + (messages == 1 ? " message waits" : " messages wait") + " for " + platform;
    }
}
