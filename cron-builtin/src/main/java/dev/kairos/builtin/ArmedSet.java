package dev.kairos.builtin;

import dev.kairos.api.DesiredTrigger;
import dev.kairos.api.job.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a provider has armed, compared with what it should have. */
final class ArmedSet {
    private static final Duration TOLERANCE = Duration.ofSeconds(2);
    private static final int NAMED = 5;

    private final Map<String, Instant> armed;

    ArmedSet(Map<String, Instant> armed) {
        this.armed = Map.copyOf(armed);
    }

    int size() {
        return armed.size();
    }

    /** In words; empty where everything is armed and nothing else. What is due just now may be neither. */
    Optional<String> differenceTo(List<DesiredTrigger> desired, Instant now) {
        List<String> missing = new ArrayList<>();
        List<String> moved = new ArrayList<>();
        Set<String> wanted = new HashSet<>();
        for (DesiredTrigger trigger : desired) {
            wanted.add(trigger.jobId());
            Instant at = armed.get(trigger.jobId());
            boolean isComing = trigger.dueAt().isAfter(now.plus(TOLERANCE));
            if (at == null && isComing) {
                missing.add(trigger.jobId());
            } else if (at != null && isComing && isMoved(trigger, at)) {
                moved.add(trigger.jobId());
            }
        }
        List<String> orphans = armed.keySet().stream()
                .filter(id -> !wanted.contains(id) && !id.equals(Job.WAKE_ID))
                .sorted()
                .toList();
        List<String> parts = new ArrayList<>();
        add(parts, missing, "not armed");
        add(parts, moved, "armed at another instant");
        add(parts, orphans, "armed and not wanted");
        return parts.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", parts));
    }

    /** A wake-up that comes sooner does no harm. */
    private static boolean isMoved(DesiredTrigger trigger, Instant at) {
        Duration off = Duration.between(trigger.dueAt(), at);
        return trigger.jobId().equals(Job.WAKE_ID)
                ? off.compareTo(TOLERANCE) > 0
                : off.abs().compareTo(TOLERANCE) > 0;
    }

    private static void add(List<String> parts, List<String> jobs, String what) {
        if (!jobs.isEmpty()) {
            String names = String.join(", ", jobs.subList(0, Math.min(NAMED, jobs.size())));
            parts.add(jobs.size() + " " + what + ": " + names + (jobs.size() > NAMED ? ", ..." : ""));
        }
    }
}
