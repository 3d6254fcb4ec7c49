package dev.kairos.channels.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a platform answered; a body longer than 64 KiB is cut off.
 *
 * <p>Status: experimental since 0.1.
 */
public final class Answer {
    private final int status;
    private final Function<String, Optional<String>> headers;
    private final String body;
    private final Optional<Map<?, ?>> tree;

    Answer(int status, Function<String, Optional<String>> headers, String body) {
        this.status = status;
        this.headers = Objects.requireNonNull(headers);
        this.body = Objects.requireNonNull(body);
        this.tree = Json.object(body);
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** Whether the status says yes. */
    public boolean isOk() {
        return status >= 200 && status < 300;
    }

    /** The body as text. */
    public String body() {
        return body;
    }

    /** Whether the body is a JSON object. */
    public boolean isJson() {
        return tree.isPresent();
    }

    /** The first value of a header. */
    public Optional<String> header(String name) {
        return headers.apply(name);
    }

    /**
     * A text, number or truth value in the JSON body, as text.
     *
     * @param path the names on the way to it; the first item of a list is named 0, the first value of
     *     an object, whatever its name, *
     */
    public Optional<String> field(String... path) {
        @Nullable Object at = tree.orElse(null);
        for (String name : path) {
            if (at instanceof Map<?, ?> map) {
                at = name.equals("*") ? map.values().stream().findFirst().orElse(null) : map.get(name);
            } else if (at instanceof List<?> list && name.equals("0") && !list.isEmpty()) {
                at = list.get(0);
            } else {
                return Optional.empty();
            }
        }
        return at instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** How long the header Retry-After asks to wait, in seconds or until a date (RFC 9110, section 10.2.3). */
    public Optional<Duration> retryAfter(Instant now) {
        return header("Retry-After").flatMap(value -> {
            String text = value.strip();
            if (text.matches("\\d{1,9}(\\.\\d+)?")) {
                return Optional.of(Answer.seconds(text));
            }
            try {
                Instant until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
                return Optional.of(Duration.between(now, until)).filter(wait -> !wait.isNegative());
            } catch (DateTimeException e) {
                return Optional.empty();
            }
        });
    }

    /** A number of seconds, rounded up to milliseconds; nothing else than digits and a dot may be given. */
    public static Duration seconds(String number) {
        return Duration.ofMillis((long) Math.ceil(Double.parseDouble(number) * 1000));
    }

    @Override
    public String toString() {
        return "answer " + status;
    }
}
