package dev.kairos.testkit;

import dev.kairos.api.DurationText;
import dev.kairos.api.InvalidInputException;
import dev.kairos.api.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Settings from dotted paths to texts. The map is read with each call: a test may change it.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param values dotted paths, from the root, to texts
 * @param path where this subtree begins; empty at the root
 */
public record MapSettings(Map<String, String> values, String path) implements Settings {
    /** The settings at the root. */
    public static MapSettings of(Map<String, String> values) {
        return new MapSettings(values, "");
    }

    private String full(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    @Override
    public Optional<String> text(String key) {
        return Optional.ofNullable(values.get(full(key)));
    }

    @Override
    public Optional<Duration> duration(String key) {
        return text(key).map(text -> DurationText.parse(full(key), text));
    }

    @Override
    public Optional<Long> number(String key) {
        return text(key).map(text -> {
            try {
                return Long.valueOf(text);
            } catch (NumberFormatException e) {
                throw new InvalidInputException(full(key), text, "not a whole number", "digits only, for example 8");
            }
        });
    }

    @Override
    public Optional<Boolean> flag(String key) {
        return text(key).map(Boolean::valueOf);
    }

    @Override
    public List<String> texts(String key) {
        return text(key).map(text -> List.of(text.split(","))).orElse(List.of());
    }

    @Override
    public Settings at(String key) {
        return new MapSettings(values, full(key));
    }

    @Override
    public Set<String> keys() {
        String prefix = path.isEmpty() ? "" : path + ".";
        Set<String> keys = new TreeSet<>();
        for (String key : values.keySet()) {
            if (key.startsWith(prefix)) {
                keys.add(key.substring(prefix.length()).split("\\.")[0]);
            }
        }
        return keys;
    }
}
