package dev.kairos.channels;

import java.time.Duration;
import java.util.Objects;

/**
 * How often a platform likes to be asked.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param overall the least time between two messages
 * @param perAddress the least time between two messages to the same address
 */
public record Pace(Duration overall, Duration perAddress) {
    /** As fast as it goes. */
    public static final Pace FREE = new Pace(Duration.ZERO, Duration.ZERO);

    public Pace {
        Objects.requireNonNull(overall);
        Objects.requireNonNull(perAddress);
    }
}
