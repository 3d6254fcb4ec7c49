package dev.kairos.builtin.plugin;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One plug-in, usable or not.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param id its id
 * @param version its version; {@code 0} where nothing says it
 * @param source the JAR, or {@code class path}
 * @param sha256 the sum of the JAR; empty where it was not read
 * @param state how it is
 * @param offers what it offers
 * @param reason why it, or the first of its offers that cannot, cannot be used; empty if all can
 * @param remedy what to do about it
 */
public record PluginListing(
        String id,
        String version,
        String source,
        String sha256,
        PluginState state,
        List<PluginOffer> offers,
        Optional<String> reason,
        Optional<String> remedy) {
    /** The source of what is not a JAR of its own. */
    public static final String CLASS_PATH = "class path";

    public PluginListing {
        Objects.requireNonNull(id);
        Objects.requireNonNull(version);
        Objects.requireNonNull(source);
        Objects.requireNonNull(sha256);
        Objects.requireNonNull(state);
        offers = List.copyOf(offers);
        Objects.requireNonNull(reason);
        Objects.requireNonNull(remedy);
    }
}
