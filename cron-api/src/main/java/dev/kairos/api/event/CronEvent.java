package dev.kairos.api.event;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Something that changed, for listeners and for the log.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param at when
 * @param name a stable dotted name, for example {@code cron.run-ended}; more may be added
 * @param details what it concerns ({@code job}, {@code execution}, {@code status}, {@code reason} ...), never a payload
 *     or a secret
 */
public record CronEvent(Instant at, String name, Map<String, String> details) {
    public CronEvent {
        Objects.requireNonNull(at);
        Objects.requireNonNull(name);
        details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
    }
}
