package dev.kairos.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A typed reader over one subtree of the configuration. The host implements it. A value of another type than asked for
 * is an {@link InvalidInputException} that names file, key, value and expected form. Secrets read from it are the
 * reader's to keep out of logs.
 *
 * <p>Status: experimental since 0.1.
 */
public interface Settings {
    /** The text, or empty if the key is absent. */
    Optional<String> text(String key);

    /** The duration, see {@link DurationText}. */
    Optional<Duration> duration(String key);

    /** The whole number. */
    Optional<Long> number(String key);

    /** true or false. */
    Optional<Boolean> flag(String key);

    /** The texts of a list, or of a comma-separated text; empty if the key is absent. */
    List<String> texts(String key);

    /** The subtree under the key; an empty one if the key is absent. */
    Settings at(String key);

    /** The keys directly inside this subtree. */
    Set<String> keys();

    /** The path of this subtree, for messages. */
    String path();
}
