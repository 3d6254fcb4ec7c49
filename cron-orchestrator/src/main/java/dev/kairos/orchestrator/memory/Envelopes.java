package dev.kairos.orchestrator.memory;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.store.EnvelopeClaimRequest;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The envelopes with their orders. Not thread-safe. */
final class Envelopes {
    private static final Comparator<Envelope> OLDEST_ATTEMPT_FIRST =
            Comparator.comparing(Envelope::nextAttemptAt).thenComparing(Envelope::id);

    private final MemoryState state;
    private final Map<String, Envelope> byId = new HashMap<>();
    private final Map<String, TreeMap<String, Envelope>> byJob = new HashMap<>();
    private final TreeSet<Envelope> all = new TreeSet<>(OLDEST_ATTEMPT_FIRST);
    private final Map<String, TreeSet<Envelope>> waitingByPlatform = new HashMap<>();

    Envelopes(MemoryState state) {
        this.state = state;
    }

    @Nullable
    Envelope find(String id) {
        return byId.get(id);
    }

    NavigableSet<Envelope> all() {
        return all;
    }

    /** What waits and is due, of the asked platforms alone: what nobody here can deliver costs nothing. */
    List<Envelope> due(EnvelopeClaimRequest request) {
        return waiting(request.platforms())
                .flatMap(waiting -> waiting.stream()
                        .takeWhile(envelope -> !envelope.nextAttemptAt().isAfter(request.now()))
                        .limit(request.limit()))
                .sorted(OLDEST_ATTEMPT_FIRST)
                .limit(request.limit())
                .toList();
    }

    Optional<Instant> nextDueAt(Set<String> platforms) {
        return waiting(platforms)
                .map(waiting -> waiting.first().nextAttemptAt())
                .min(Instant::compareTo);
    }

    private Stream<TreeSet<Envelope>> waiting(Set<String> platforms) {
        return platforms.stream().flatMap(platform -> Stream.ofNullable(waitingByPlatform.get(platform)));
    }

    List<Envelope> ofJob(String jobId) {
        TreeMap<String, Envelope> envelopes = byJob.get(jobId);
        return envelopes == null ? List.of() : List.copyOf(envelopes.values());
    }

    List<Envelope> ofExecution(String jobId, String executionId) {
        TreeMap<String, Envelope> envelopes = byJob.get(jobId);
        if (envelopes == null) {
            return List.of();
        }
        // An id is the execution's, then ! or /, then the target; 0 is the first sign after /.
        return envelopes.subMap(executionId + "!", executionId + "0").values().stream()
                .filter(envelope -> envelope.executionId().equals(executionId))
                .toList();
    }

    boolean hasOpen(String jobId, String executionId) {
        return ofExecution(jobId, executionId).stream()
                .anyMatch(envelope -> envelope.state().isOpen());
    }

    void put(Envelope envelope) {
        Envelope before = byId.get(envelope.id());
        replace(before, envelope);
        state.onUndo(() -> replace(envelope, before));
    }

    void delete(Envelope envelope) {
        replace(envelope, null);
        state.onUndo(() -> replace(null, envelope));
    }

    void cancelOpen(String jobId) {
        for (Envelope envelope : ofJob(jobId)) {
            if (envelope.state().isOpen()) {
                put(cancelled(envelope));
            }
        }
    }

    static Envelope cancelled(Envelope envelope) {
        return envelope.ended(EnvelopeState.CANCELLED, Optional.of("the job was removed"));
    }

    private void replace(@Nullable Envelope before, @Nullable Envelope after) {
        if (before != null) {
            byId.remove(before.id());
            all.remove(before);
            TreeSet<Envelope> waiting = waitingByPlatform.get(before.platform());
            if (waiting != null && waiting.remove(before) && waiting.isEmpty()) {
                waitingByPlatform.remove(before.platform());
            }
            TreeMap<String, Envelope> envelopes = byJob.get(before.jobId());
            if (envelopes != null && envelopes.remove(before.id()) != null && envelopes.isEmpty()) {
                byJob.remove(before.jobId());
            }
        }
        if (after != null) {
            byId.put(after.id(), after);
            all.add(after);
            if (after.state().isWaiting()) {
                waitingByPlatform
                        .computeIfAbsent(after.platform(), platform -> new TreeSet<>(OLDEST_ATTEMPT_FIRST))
                        .add(after);
            }
            byJob.computeIfAbsent(after.jobId(), id -> new TreeMap<>()).put(after.id(), after);
        }
    }
}
