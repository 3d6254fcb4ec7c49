package dev.kairos.builtin;

import dev.kairos.api.env.Environment;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Has the heartbeat tell of a fire soon after it, and not with the next beat; seldom, however often it fires. */
final class FireNews {
    private static final Duration AT_MOST_EVERY = Duration.ofSeconds(5);

    private final Environment environment;
    private final Supplier<Optional<Instant>> lastFire;
    private final Runnable onNews;
    private Optional<Instant> told = Optional.empty();
    private Duration nextAt = Duration.ZERO;

    /**
     * News of fires.
     *
     * @param onNews told that there was one
     */
    FireNews(Environment environment, Supplier<Optional<Instant>> lastFire, Runnable onNews) {
        this.environment = environment;
        this.lastFire = lastFire;
        this.onNews = onNews;
    }

    void look() {
        Optional<Instant> last = lastFire.get();
        if (!last.equals(told) && environment.uptime().compareTo(nextAt) >= 0) {
            told = last;
            nextAt = environment.uptime().plus(AT_MOST_EVERY);
            onNews.run();
        }
    }
}
