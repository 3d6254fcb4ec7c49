package dev.kairos.orchestrator;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One kind of trouble that comes back every few seconds while a store is silent or a disk is full: it is worth a line of
 * the log when it begins, once a minute, and when it is over. Thread-safe; the caller logs.
 */
final class RepeatedTrouble {
    static final Duration PERIOD = Duration.ofMinutes(1);

    private @Nullable String last;
    private Duration saidAt = Duration.ZERO;
    private int unsaid;
    private int times;

    /**
     * It happened.
     *
     * @param reason in words
     * @param uptime the present, monotonic
     * @return the reason if it is to be said now, with how often it was kept back
     */
    synchronized Optional<String> happened(String reason, Duration uptime) {
        times++;
        if (reason.equals(last) && uptime.minus(saidAt).compareTo(PERIOD) < 0) {
            unsaid++;
            return Optional.empty();
        }
        boolean isTheSame = reason.equals(last);
        String text = unsaid == 0 || !isTheSame ? reason : reason + " (" + unsaid + " more since it was last said)";
        last = reason;
        saidAt = uptime;
        unsaid = 0;
        return Optional.of(text);
    }

    /** Whether it works, as far as is known. */
    synchronized boolean isOver() {
        return times == 0;
    }

    /** It works: how often it did not before; empty where it worked before as well. */
    synchronized Optional<Integer> over() {
        if (times == 0) {
            return Optional.empty();
        }
        int before = times;
        last = null;
        unsaid = 0;
        times = 0;
        return Optional.of(before);
    }
}
