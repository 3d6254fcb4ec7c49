package dev.kairos.channels;

import dev.kairos.api.delivery.DeliveryException;
import dev.kairos.api.delivery.DeliveryException.Kind;
import dev.kairos.api.env.Environment;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keeps the sends of one platform apart: each takes the next free slot and waits for it. After the platform asked for
 * patience it is not asked again before that is over. Thread-safe.
 */
final class Pacing {
    /** Below the host's limit for one part, with room for the send itself. */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

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

    /**
     * Returns when it is this send's turn.
     *
     * @throws DeliveryException transient if that is too far off, or the host ends; nothing was sent
     */
    void await(String address) throws DeliveryException {
        Duration wait = reserve(address);
        if (wait.isZero()) {
            return;
        }
        try {
            environment.sleep(wait);
        } catch (InterruptedException e) {
            throw new DeliveryException(Kind.TRANSIENT, "stopped before it was its turn; nothing was sent");
        }
    }

    private synchronized Duration reserve(String address) throws DeliveryException {
        Duration now = environment.uptime();
        Duration turn = later(now, later(quietUntil, later(freeForAll, free.getOrDefault(address, Duration.ZERO))));
        Duration wait = turn.minus(now);
        if (wait.compareTo(LONGEST_WAIT) > 0) {
            throw new DeliveryException(
                    Kind.TRANSIENT,
                    "the platform asked for fewer messages; this one waits another " + wait.toSeconds() + "s",
                    wait,
                    null);
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
