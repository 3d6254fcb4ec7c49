package dev.kairos.builtin;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.Settings;
import dev.kairos.api.delivery.ChannelContext;
import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.delivery.DeliveryChannelFactory;
import dev.kairos.api.env.Environment;
import dev.kairos.builtin.plugin.Guard;
import dev.kairos.orchestrator.delivery.Targets;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the factories of channels on the class path, and makes the channels that are configured. Thread-safe. */
final class ChannelFinder {
    private static final Logger LOG = LoggerFactory.getLogger("cron.channels");
    private static final Pattern LEGAL_NAME = Pattern.compile("[a-z][a-z0-9]{0,30}");
    private static final int MAX_ERRORS = 20;

    private final Environment environment;
    private final Configuration configuration;
    private final List<ClassLoader> loaders;
    private final Object lock = new Object();
    private final Map<String, DeliveryChannel> channels = new LinkedHashMap<>();
    private final Map<String, InvalidInputException> unready = new LinkedHashMap<>();
    private @Nullable Found found;

    /**
     * What there is.
     *
     * @param channels those that are configured
     * @param unready the platforms that lack something, each with what
     */
    record Found(List<DeliveryChannel> channels, Map<String, InvalidInputException> unready) {}

    ChannelFinder(Environment environment, Configuration configuration, List<ClassLoader> loaders) {
        this.environment = environment;
        this.configuration = configuration;
        this.loaders = List.copyOf(loaders);
    }

    /** Looks once. Those given in code come first, and no other takes the place of one of them. */
    Found find(List<DeliveryChannel> given) {
        synchronized (lock) {
            Found known = found;
            if (known == null) {
                look(given);
                known = new Found(List.copyOf(channels.values()), Map.copyOf(unready));
                found = known;
            }
            return known;
        }
    }

    private void look(List<DeliveryChannel> given) {
        given.forEach(channel -> channels.put(channel.platform(), channel));
        Set<Class<?>> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (ClassLoader loader : loaders) {
            Iterator<ServiceLoader.Provider<DeliveryChannelFactory>> entries =
                    ServiceLoader.load(DeliveryChannelFactory.class, loader).stream()
                            .iterator();
            for (int errors = 0; errors < MAX_ERRORS; ) {
                try {
                    if (!entries.hasNext()) {
                        break;
                    }
                    ServiceLoader.Provider<DeliveryChannelFactory> entry = entries.next();
                    if (seen.add(entry.type())) {
                        open(entry.get());
                    }
                } catch (Throwable thrown) {
                    errors++;
                    LOG.warn("cron.channels a listed factory is left out: it {}", Guard.words(thrown), thrown);
                }
            }
        }
    }

    private void open(DeliveryChannelFactory factory) {
        for (String platform : new TreeSet<>(factory.platforms())) {
            if (!LEGAL_NAME.matcher(platform).matches() || Targets.isWord(platform)) {
                LOG.warn(
                        "cron.channels platform={} class={} is left out: its name is reserved or not made of lower-case"
                                + " letters and digits",
                        platform,
                        factory.getClass().getName());
            } else if (!channels.containsKey(platform) && !unready.containsKey(platform)) {
                open(factory, platform);
            }
        }
    }

    private void open(DeliveryChannelFactory factory, String platform) {
        ClassLoader loader = Guard.loaderOf(factory.getClass());
        Context context = new Context(configuration.at("delivery." + platform), environment);
        Guard.Answer<DeliveryChannel> made = Guard.here(loader, () -> factory.open(platform, context));
        made.value().ifPresent(channel -> channels.put(platform, channel));
        if (made.value().isEmpty()) {
            unready.put(platform, trouble(platform, made));
        }
    }

    private static InvalidInputException trouble(String platform, Guard.Answer<DeliveryChannel> made) {
        Optional<Throwable> cause = made.cause();
        if (cause.isPresent() && cause.get() instanceof InvalidInputException lacking) {
            return lacking;
        }
        String words = made.trouble().orElse("failed");
        LOG.warn("cron.channels platform={} is left out: its plug-in {}", platform, words, cause.orElse(null));
        return new InvalidInputException(
                "delivery." + platform, "", "its plug-in " + words, "use another version of the plug-in");
    }

    private record Context(Settings settings, Environment environment) implements ChannelContext {}
}
