package dev.kairos.api.job;

import dev.kairos.api.DurationText;
import dev.kairos.api.InvalidInputException;
import dev.kairos.api.schedule.Schedule;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads one field's value from a plain tree and writes it back. */
final class FieldCodec<T> {
    private static final int SHOWN = 60;
    /** In bytes of UTF-8. */
    private static final int LONGEST_TARGET = 1_000;

    private static final List<String> ADDRESS = List.of("platform", "chat_id", "chat", "thread_id", "thread");

    private final BiFunction<String, Object, T> reader;
    private final Function<T, Object> writer;

    private FieldCodec(BiFunction<String, Object, T> reader, Function<T, Object> writer) {
        this.reader = reader;
        this.writer = writer;
    }

    T read(String key, Object raw) {
        return reader.apply(key, raw);
    }

    Object write(T value) {
        return writer.apply(value);
    }

    static FieldCodec<String> text(int longest) {
        return new FieldCodec<>((key, raw) -> asText(key, raw, longest), value -> value);
    }

    static FieldCodec<Boolean> flag() {
        return new FieldCodec<>(
                (key, raw) -> {
                    if (raw instanceof Boolean flag) {
                        return flag;
                    }
                    String word = String.valueOf(raw).strip().toLowerCase(Locale.ROOT);
                    if (word.equals("true") || word.equals("false")) {
                        return word.equals("true");
                    }
                    throw refused(key, raw, "not a yes or no", "write true or false");
                },
                value -> value);
    }

    static FieldCodec<List<String>> texts() {
        return new FieldCodec<>((key, raw) -> asTexts(key, raw, false), List::copyOf);
    }

    /** Targets end in the key of a store's table, and no database takes a key of any length. */
    static FieldCodec<List<String>> targets() {
        return new FieldCodec<>(
                (key, raw) -> asTexts(key, raw, true).stream()
                        .map(target -> bounded(key, target, LONGEST_TARGET))
                        .distinct()
                        .toList(),
                value -> String.join(",", value));
    }

    /** Its platform, chat and thread make a target; what else it says may be of any length. */
    static FieldCodec<Map<String, Object>> origin() {
        return new FieldCodec<>(
                (key, raw) -> {
                    Map<String, Object> origin = asMap(key, raw);
                    for (String name : ADDRESS) {
                        Object part = origin.get(name);
                        if (part != null) {
                            bounded(key + "." + name, part, LONGEST_TARGET / 2);
                        }
                    }
                    return origin;
                },
                value -> value);
    }

    private static String bounded(String key, Object raw, int mostBytes) {
        String text = String.valueOf(raw);
        if (text.getBytes(StandardCharsets.UTF_8).length > mostBytes) {
            throw refused(
                    key,
                    text,
                    "longer than " + mostBytes + " characters (one outside ASCII counts as two to four)",
                    "shorten it; no address is that long");
        }
        return text;
    }

    static FieldCodec<List<String>> names() {
        return new FieldCodec<>(
                (key, raw) -> {
                    List<String> names = asTexts(key, raw, true);
                    for (String name : names) {
                        if (!isName(name)) {
                            throw refused(
                                    key,
                                    name,
                                    "not a plain name",
                                    "use letters, digits, dot, dash and underscore only");
                        }
                    }
                    return names;
                },
                List::copyOf);
    }

    static FieldCodec<Map<String, Object>> object() {
        return new FieldCodec<>((key, raw) -> asMap(key, raw), value -> value);
    }

    static FieldCodec<Map<String, String>> textMap() {
        return new FieldCodec<>(
                (key, raw) -> {
                    Map<String, String> texts = new LinkedHashMap<>();
                    asMap(key, raw).forEach((name, value) -> texts.put(name, asText(key + "." + name, value, 100_000)));
                    return Collections.unmodifiableMap(texts);
                },
                value -> value);
    }

    static FieldCodec<Duration> duration() {
        return new FieldCodec<>(FieldCodec::asDuration, DurationText::format);
    }

    static FieldCodec<Instant> instant() {
        return new FieldCodec<>(FieldCodec::asInstant, Instant::toString);
    }

    static FieldCodec<Schedule> schedule() {
        return new FieldCodec<>((key, raw) -> Schedule.fromMap(asMap(key, raw)), Schedule::toMap);
    }

    static <E extends Enum<E>> FieldCodec<E> choice(Class<E> words) {
        return new FieldCodec<>((key, raw) -> asChoice(key, raw, words), FieldCodec::word);
    }

    static FieldCodec<Integer> repeat() {
        return new FieldCodec<>(
                (key, raw) -> {
                    Object times = raw instanceof Map<?, ?> map && map.get("times") != null ? map.get("times") : raw;
                    return asWhole(key + ".times", times, 1, 1_000_000_000);
                },
                times -> Map.of("times", times));
    }

    static FieldCodec<Misfire> misfire() {
        return new FieldCodec<>(
                (key, raw) -> {
                    Map<String, Object> map = raw instanceof String ? Map.of("policy", raw) : asMap(key, raw);
                    Misfire.Policy policy = map.get("policy") == null
                            ? Misfire.Policy.RUN_ONCE
                            : asChoice(key + ".policy", map.get("policy"), Misfire.Policy.class);
                    Object grace = map.get("grace");
                    Optional<Duration> fixed = grace == null || "auto".equals(grace)
                            ? Optional.empty()
                            : Optional.of(asDuration(key + ".grace", grace));
                    return new Misfire(policy, fixed);
                },
                value -> {
                    Map<String, Object> map = new LinkedHashMap<>();
                    map.put("policy", word(value.policy()));
                    map.put("grace", value.grace().map(DurationText::format).orElse("auto"));
                    return map;
                });
    }

    static FieldCodec<Retry> retry() {
        return new FieldCodec<>(
                (key, raw) -> {
                    Map<String, Object> map = raw instanceof Map ? asMap(key, raw) : Map.of("max_retries", raw);
                    return new Retry(
                            Optional.ofNullable(map.get("max_retries"))
                                    .map(value -> asWhole(key + ".max_retries", value, 0, 100)),
                            Optional.ofNullable(map.get("backoff")).map(value -> asDuration(key + ".backoff", value)),
                            Optional.ofNullable(map.get("max_backoff"))
                                    .map(value -> asDuration(key + ".max_backoff", value)),
                            Optional.ofNullable(map.get("after_tools")).map(value -> flag().read(key, value)));
                },
                value -> {
                    Map<String, Object> map = new LinkedHashMap<>();
                    value.maxRetries().ifPresent(count -> map.put("max_retries", count));
                    value.backoff().ifPresent(time -> map.put("backoff", DurationText.format(time)));
                    value.maxBackoff().ifPresent(time -> map.put("max_backoff", DurationText.format(time)));
                    value.afterTools().ifPresent(asked -> map.put("after_tools", asked));
                    return map;
                });
    }

    private static String asText(String key, Object raw, int longest) {
        if (raw instanceof Map || raw instanceof Iterable) {
            throw refused(key, raw, "a text is expected", "write it in quotes");
        }
        String text = String.valueOf(raw);
        if (text.length() > longest) {
            throw refused(key, text, "longer than " + longest + " characters", "shorten it");
        }
        return text;
    }

    private static List<String> asTexts(String key, Object raw, boolean splitAtComma) {
        List<String> texts = new ArrayList<>();
        if (raw instanceof Iterable<?> items) {
            for (Object item : items) {
                texts.add(asText(key, item, 4_000).strip());
            }
        } else if (splitAtComma) {
            texts.addAll(Arrays.asList(asText(key, raw, 100_000).split(",")));
            texts.replaceAll(String::strip);
        } else {
            texts.add(asText(key, raw, 4_000).strip());
        }
        texts.removeIf(String::isEmpty);
        return List.copyOf(texts);
    }

    private static Map<String, Object> asMap(String key, Object raw) {
        if (!(raw instanceof Map<?, ?> map)) {
            throw refused(key, raw, "an object is expected", "write it as {\"name\": value}");
        }
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((name, value) -> copy.put(String.valueOf(name), value));
        return Collections.unmodifiableMap(copy);
    }

    private static Duration asDuration(String key, Object raw) {
        return raw instanceof Number number
                ? DurationText.parse(key, number.longValue() + "s")
                : DurationText.parse(key, asText(key, raw, 100));
    }

    private static Instant asInstant(String key, Object raw) {
        String text = asText(key, raw, 100);
        try {
            return CanonicalInstant.read(text)
                    .orElseGet(() -> OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException e) {
            throw refused(key, text, "not an instant with an offset", "write it like 2027-01-15T09:00:00Z");
        }
    }

    private static int asWhole(String key, Object raw, int least, int most) {
        String accepted = "write a whole number from " + least + " to " + most;
        try {
            int value = Integer.parseInt(String.valueOf(raw).strip());
            if (value >= least && value <= most) {
                return value;
            }
            throw refused(key, raw, "out of range", accepted);
        } catch (NumberFormatException e) {
            throw refused(key, raw, "not a whole number", accepted);
        }
    }

    private static <E extends Enum<E>> E asChoice(String key, Object raw, Class<E> words) {
        String given = String.valueOf(raw).strip().toLowerCase(Locale.ROOT).replace('-', '_');
        for (E word : words.getEnumConstants()) {
            if (word(word).equals(given)) {
                return word;
            }
        }
        String known =
                Arrays.stream(words.getEnumConstants()).map(FieldCodec::word).collect(Collectors.joining(", "));
        throw refused(key, raw, "unknown word", "write one of: " + known);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static boolean isName(String name) {
        return !name.isEmpty()
                && name.chars()
                        .allMatch(c -> c >= 'a' && c <= 'z'
                                || c >= 'A' && c <= 'Z'
                                || c >= '0' && c <= '9'
                                || c == '.'
                                || c == '_'
                                || c == '-');
    }

    private static InvalidInputException refused(String key, Object raw, String reason, String accepted) {
        String given = String.valueOf(raw);
        String shown = given.length() > SHOWN ? given.substring(0, SHOWN) + "..." : given;
        return new InvalidInputException(key, shown, reason, accepted);
    }
}
