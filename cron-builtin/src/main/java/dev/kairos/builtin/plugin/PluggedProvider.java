package dev.kairos.builtin.plugin;

import dev.kairos.api.CronScheduler;
import java.lang.reflect.InvocationTargetException;
import java.util.Objects;
import java.util.Optional;

/**
 * A provider that was found on the class path or in a JAR, usable or not.
 *
 * <p>Status: internal.
 *
 * @param name its name; empty where it could not be asked
 * @param className the class, or the JAR where that is unknown
 * @param origin the JAR, or {@code class path}
 * @param loader the class loader of its calls
 * @param type the class to make a fresh one of; empty if it could not be made
 * @param trouble why it cannot be used; empty if it can
 * @param isAmbiguous whether it could be used if no other had its name
 */
public record PluggedProvider(
        String name,
        String className,
        String origin,
        ClassLoader loader,
        Optional<Class<? extends CronScheduler>> type,
        Optional<String> trouble,
        boolean isAmbiguous) {
    public PluggedProvider {
        Objects.requireNonNull(name);
        Objects.requireNonNull(className);
        Objects.requireNonNull(origin);
        Objects.requireNonNull(loader);
        Objects.requireNonNull(type);
        Objects.requireNonNull(trouble);
    }

    static PluggedProvider of(Plugin plugin, Offer offer) {
        return new PluggedProvider(
                offer.name(),
                offer.className(),
                plugin.origin(),
                offer.loader(),
                offer.instance().map(made -> made.getClass().asSubclass(CronScheduler.class)),
                offer.trouble().map(Trouble::reason),
                offer.clash().filter(NameClash::isAmbiguous).isPresent());
    }

    /** A JAR that is not let in might hold the one that is asked for. */
    static PluggedProvider ofRefused(Plugin plugin, Trouble why) {
        return new PluggedProvider(
                "",
                plugin.origin(),
                plugin.origin(),
                PluggedProvider.class.getClassLoader(),
                Optional.empty(),
                Optional.of(why.reason()),
                false);
    }

    /** Whether it can be chosen. */
    public boolean isUsable() {
        return type.isPresent() && trouble.isEmpty();
    }

    /**
     * Makes a fresh one: foreign code, which may throw anything.
     *
     * @throws Exception if it cannot be made this time
     */
    public CronScheduler make() throws Exception {
        try {
            return type.orElseThrow().getConstructor().newInstance();
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }
}
