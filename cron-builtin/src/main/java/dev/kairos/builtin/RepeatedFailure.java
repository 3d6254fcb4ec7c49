package dev.kairos.builtin;

import dev.kairos.orchestrator.Silence;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** Logs a failure, with its stack unless it is that of a silent store, and the same one again at most once per period. Not thread-safe. */
final class RepeatedFailure {
    private final Logger log;
    private final Duration period;
    private final String subject;
    private @Nullable String last;
    private Duration lastAt = Duration.ZERO;
    private int unsaid;

    RepeatedFailure(Logger log, Duration period, String subject) {
        this.log = log;
        this.period = period;
        this.subject = subject;
    }

    /** Logs, unless it is the failure that was logged within the period before the given uptime. */
    void report(Duration uptime, String what, Throwable thrown) {
        String failure = thrown.getClass().getName() + ": " + thrown.getMessage();
        boolean isRepeated = failure.equals(last) && uptime.minus(lastAt).compareTo(period) < 0;
        if (isRepeated) {
            unsaid++;
            return;
        }
        int before = Objects.equals(failure, last) ? unsaid : 0;
        last = failure;
        lastAt = uptime;
        unsaid = 0;
        String again = before == 0 ? "" : " (the same " + before + " more times since last said)";
        if (Silence.is(thrown)) { // its words say all, and a stack nothing
            log.warn("{}{}: {}", what, again, thrown.getMessage());
        } else {
            log.error("{}{}", what, again, thrown);
        }
    }

    /** It works again: the next failure is said at once. */
    void over() {
        if (last != null) {
            log.info("{}: works again", subject);
        }
        last = null;
        unsaid = 0;
    }
}
