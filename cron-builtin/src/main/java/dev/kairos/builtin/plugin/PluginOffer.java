package dev.kairos.builtin.plugin;

import java.util.Objects;
import java.util.Optional;

/**
 * One thing that a plug-in offers.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param kind provider, store, runner, channel, classifier or listener
 * @param name its name; empty where it could not be asked
 * @param className the class, or words where that is unknown
 * @param reason why it cannot be used; empty if it can
 * @param remedy what to do about it
 */
public record PluginOffer(
        String kind, String name, String className, Optional<String> reason, Optional<String> remedy) {
    public PluginOffer {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(name);
        Objects.requireNonNull(className);
        Objects.requireNonNull(reason);
        Objects.requireNonNull(remedy);
    }

    static PluginOffer of(Offer offer) {
        return new PluginOffer(
                offer.spi().word(),
                offer.name(),
                offer.className(),
                offer.trouble().map(Trouble::reason),
                offer.trouble().map(Trouble::remedy));
    }
}
