package dev.kairos.orchestrator;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Claims that may have been committed while their answer never came, known by their instants. A commit that a server was
 * still at work on when the connection fell silent may become visible long after it: so the rows of this node are looked
 * through from time to time, and not only once. Not thread-safe: used in turn.
 */
final class LostAnswers {
    /** How long one look is good for, like that for what dead nodes left. */
    static final Duration LOOK = Duration.ofSeconds(10);

    /** So long after a lost answer somebody is to come and look. */
    private static final Duration EXPECTED = Duration.ofMinutes(2);

    /** What becomes visible later than this is nobody's, and recovered as such. */
    private static final Duration REMEMBERED = Duration.ofHours(1);

    private static final int MOST = 1_000;

    private final Map<Instant, Duration> sinceUptime = new LinkedHashMap<>();
    private boolean isUnanswered;
    private boolean isFirstOfItsInstant;
    private Duration nextLook;

    LostAnswers(Duration uptime) {
        this.nextLook = uptime.plus(LOOK);
    }

    /** A claim of that instant is made now: until it is {@link #answered} its answer counts as lost. */
    void asked(Instant at, Duration uptime) {
        isUnanswered = true;
        isFirstOfItsInstant = sinceUptime.putIfAbsent(at, uptime) == null;
        if (sinceUptime.size() > MOST) {
            sinceUptime.remove(sinceUptime.keySet().iterator().next());
        }
    }

    void answered(Instant at) {
        isUnanswered = false;
        if (isFirstOfItsInstant) {
            sinceUptime.remove(at);
        }
    }

    /** Whether the rows of this node are to be looked through. */
    boolean isLookDue(Duration uptime) {
        return isUnanswered || uptime.compareTo(nextLook) >= 0;
    }

    void looked(Duration uptime) {
        isUnanswered = false;
        nextLook = uptime.plus(LOOK);
        sinceUptime.values().removeIf(since -> uptime.minus(since).compareTo(REMEMBERED) > 0);
    }

    /** Whether a claim of that instant may be one of them. */
    boolean has(Instant claimedAt) {
        return sinceUptime.containsKey(claimedAt);
    }

    /** Whether a commit may still become visible soon. */
    boolean isOneExpected(Duration uptime) {
        return sinceUptime.values().stream()
                .anyMatch(since -> uptime.minus(since).compareTo(EXPECTED) < 0);
    }
}
