package dev.kairos.builtin.plugin;

import java.util.Locale;

/**
 * How a plug-in is.
 *
 * <p>Status: experimental since 0.1.
 */
public enum PluginState {
    /** Everything it offers can be used. */
    USABLE,
    /** Some of what it offers can be used. */
    PARTLY_USABLE,
    /** It is loaded, and nothing it offers can be used. */
    UNUSABLE,
    /** It is not let in: its rights, its sum, its manifest. */
    REFUSED,
    /** Another plug-in has its id. */
    DUPLICATE,
    /** Its JAR was taken away or replaced, and something of it still goes on. */
    RETIRING;

    /** The word of it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
