package dev.kairos.app.command;

import dev.kairos.api.DurationText;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * That this machine's clock is not the one of the store, by which everything is judged, in words.
 *
 * @param what how far it is off
 */
record ClockLine(String what) {
    /** What to do about it. */
    static final String ADVICE = "set this machine's clock by NTP: timedatectl set-ntp true";

    private static final Duration FAR = Duration.ofSeconds(1);

    /** Empty where they agree, or the store has no clock of its own. */
    static Optional<ClockLine> of(OpenHome home) {
        return home.runtime()
                .storeClockAhead()
                .filter(ahead -> ahead.abs().compareTo(FAR) > 0)
                .map(ahead -> new ClockLine("this machine's clock is "
                        + DurationText.format(ahead.abs().plusMillis(500).truncatedTo(ChronoUnit.SECONDS))
                        + (ahead.isNegative() ? " ahead of" : " behind")
                        + " the database's, by which everything is judged"));
    }
}
