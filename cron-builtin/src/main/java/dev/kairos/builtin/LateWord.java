package dev.kairos.builtin;

import dev.kairos.api.JobChanges;
import dev.kairos.api.env.Environment;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What is told to a deaf provider while the ticker covers. Told at once of what the ticker claimed, a provider would move
 * its own trigger before that comes, and never show that it fires; so it is told of a job whose occurrence was just claimed
 * once it tried that job, or has had its time. Thread-safe.
 */
final class LateWord {
    /** An attempt is told of as spent right after it. */
    private static final Duration JUST_NOW = Duration.ofSeconds(5);

    private final Environment environment;
    private final Duration patience;
    private final Function<String, Optional<Instant>> lastDueAt;
    private final Map<String, Duration> until = new HashMap<>();
    private final Map<String, Duration> tried = new HashMap<>();

    /**
     * Nothing is held.
     *
     * @param patience how late the provider may be
     * @param lastDueAt when a job's latest occurrence was due that somebody claimed
     */
    LateWord(Environment environment, Duration patience, Function<String, Optional<Instant>> lastDueAt) {
        this.environment = environment;
        this.patience = patience;
        this.lastDueAt = lastDueAt;
    }

    /** The provider tried the job: what moves of it now is told at once. */
    synchronized void tried(String jobId) {
        tried.put(jobId, environment.uptime());
    }

    /** Everything that is held, and what moved: nobody covers. */
    synchronized Optional<JobChanges> release(Optional<JobChanges> moved) {
        tried.clear();
        if (until.isEmpty()) {
            return moved;
        }
        Set<String> ids = new HashSet<>(until.keySet());
        until.clear();
        moved.ifPresent(more -> ids.addAll(more.jobIds()));
        return moved.filter(JobChanges::isUnknown).or(() -> Optional.of(JobChanges.of(ids)));
    }

    /** What is to be told now; the rest is held. */
    synchronized Optional<JobChanges> hold(Optional<JobChanges> moved) {
        if (moved.filter(JobChanges::isUnknown).isPresent()) {
            return release(moved);
        }
        Duration uptime = environment.uptime();
        tried.values().removeIf(at -> uptime.minus(at).compareTo(JUST_NOW) > 0);
        Set<String> now = new HashSet<>();
        for (String id : moved.map(JobChanges::jobIds).orElse(Set.of())) {
            if (tried.containsKey(id) || !until.containsKey(id) && !isJustClaimed(id)) {
                now.add(id);
            } else {
                until.putIfAbsent(id, uptime.plus(patience));
            }
        }
        until.forEach((id, end) -> {
            if (end.compareTo(uptime) <= 0) {
                now.add(id);
            }
        });
        until.keySet().removeAll(now);
        return now.isEmpty() ? Optional.empty() : Optional.of(JobChanges.of(now));
    }

    private boolean isJustClaimed(String jobId) {
        Instant now = environment.now();
        return lastDueAt
                .apply(jobId)
                .filter(at -> at.plus(patience).isAfter(now))
                .isPresent();
    }
}
