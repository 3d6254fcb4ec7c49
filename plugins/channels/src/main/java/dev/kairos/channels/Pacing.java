package dev.kairos.channels;

import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.env.Environment;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keeps the sends of one platform apart: each takes the next free slot, and the host waits for it. After the platform
 * asked for patience no slot is given before that is over. Thread-safe.
 */
final class Pacing {
    private static final int MOST_ADDRESSES = 10_000;

    private final Environment environment;
    private final Pace pace;
    private final Map<String, Duration> free = new LinkedHashMap<>();
    private Duration freeForAll = Duration.ZERO;
    private Duration quietUntil = Duration.ZERO;

    Pacing(Environment environment, Pace pace) {
        this.environment = environment;
        this.pace = pace;
    }

    /** Takes the next free slot and says how long until it; one that is too far off is not taken. */
    synchronized Duration reserve(String address) {
        Duration now = environment.uptime();
        Duration turn = later(now, later(quietUntil, later(freeForAll, free.getOrDefault(address, Duration.ZERO))));
        Duration wait = turn.minus(now);
        if (wait.compareTo(DeliveryChannel.LONGEST_TURN) > 0) {
            return wait;
        }
        freeForAll = turn.plus(pace.overall());
        if (!pace.perAddress().isZero()) {
            free.values().removeIf(at -> at.compareTo(now) <= 0);
            if (free.size() < MOST_ADDRESSES) {
                free.put(address, turn.plus(pace.perAddress()));
            }
        }
        return wait;
    }

    /** The platform asked for patience: with the address, where it counts by address, and otherwise altogether. */
    synchronized void quiet(String address, Duration wait) {
        Duration until = environment.uptime().plus(wait);
        if (pace.perAddress().isZero()) {
            quietUntil = later(quietUntil, until);
        } else {
            free.merge(address, until, Pacing::later);
        }
    }

    private static Duration later(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
