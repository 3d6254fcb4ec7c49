package dev.kairos.builtin;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.InvalidInputException;
import dev.kairos.api.env.Environment;
import dev.kairos.builtin.plugin.Guard;
import dev.kairos.builtin.plugin.PluggedProvider;
import dev.kairos.builtin.plugin.PluginListing;
import dev.kairos.builtin.plugin.Plugins;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns {@code cron.provider} into a provider. Cron is never left without a trigger: whatever is wrong with the provider
 * that was asked for, the built-in ticker stands in, with one warning that says which and why. Only the word {@code none}
 * asks for none.
 *
 * <p>Any thread may call; a call takes at most some seconds per provider class found. Status: experimental since 0.1.
 */
public final class ProviderResolver {
    private static final Logger LOG = LoggerFactory.getLogger("cron.provider");
    private static final String NONE = "none";
    private static final Set<String> BUILTIN_WORDS = Set.of("", BuiltinScheduler.NAME, "in-process", "inprocess");

    private final Guard guard;
    private final Plugins plugins;

    /**
     * Creates a resolver that looks at the class path alone.
     *
     * @param loaders where to look for providers, in order; a class seen through two of them counts once
     */
    public ProviderResolver(Environment environment, List<ClassLoader> loaders) {
        this(environment, PluggedHome.classPathAlone(environment, loaders));
    }

    /** Creates a resolver over what is plugged in. */
    public ProviderResolver(Environment environment, Plugins plugins) {
        this.guard = new Guard(environment);
        this.plugins = plugins;
    }

    /**
     * Chooses the provider. It is bound to its context, and {@code isAvailable} was asked; nothing was started.
     *
     * @param binder gives a provider its context; called with the provider and its name, before {@code isAvailable}
     */
    public Resolution resolve(Configuration configuration, BiConsumer<CronScheduler, String> binder) {
        Resolution found = find(configuration, binder);
        found.fallbackReason()
                .ifPresent(reason ->
                        LOG.warn("cron.provider asked={} using={} {}", found.asked(), BuiltinScheduler.NAME, reason));
        return found;
    }

    /** The same without a word in the log: for whoever only looks. */
    Resolution find(Configuration configuration, BiConsumer<CronScheduler, String> binder) {
        String asked;
        try {
            asked = configuration.get(ConfigKey.PROVIDER).orElse("").strip();
        } catch (InvalidInputException e) {
            return fallBack("?", e.getMessage() + "; expected: a provider's name, builtin or none", binder);
        }
        String word = asked.toLowerCase(Locale.ROOT);
        if (word.equals(NONE)) {
            return new Resolution(Optional.empty(), NONE, Optional.empty());
        }
        if (BUILTIN_WORDS.contains(word)) {
            return new Resolution(Optional.of(builtin(binder)), BuiltinScheduler.NAME, Optional.empty());
        }
        return named(word, binder);
    }

    /** Every provider class that can be found, in order, the built-in one first. Asks none whether it is available. */
    public List<ProviderListing> list() {
        List<ProviderListing> listings = new ArrayList<>();
        listings.add(new ProviderListing(
                Optional.of(BuiltinScheduler.NAME),
                BuiltinScheduler.class.getName(),
                PluginListing.CLASS_PATH,
                Optional.empty()));
        for (PluggedProvider found : plugins.providers()) {
            listings.add(new ProviderListing(
                    Optional.of(found.name()).filter(name -> !name.isEmpty()),
                    found.className(),
                    found.origin(),
                    found.trouble()));
        }
        return listings;
    }

    /** The words that no provider may have as its name. */
    static Set<String> reserved() {
        Set<String> words = new TreeSet<>(BUILTIN_WORDS);
        words.add(NONE);
        return words;
    }

    private Resolution named(String asked, BiConsumer<CronScheduler, String> binder) {
        List<PluggedProvider> all = plugins.providers();
        List<PluggedProvider> ofName =
                all.stream().filter(found -> found.name().equals(asked)).toList();
        List<PluggedProvider> rivals =
                ofName.stream().filter(PluggedProvider::isAmbiguous).toList();
        if (!rivals.isEmpty()) {
            String classes = String.join(
                    ", ",
                    rivals.stream()
                            .map(rival -> rival.className() + inItsJar(rival))
                            .sorted()
                            .toList());
            return fallBack(asked, "several providers have this name (" + classes + "); leave one of them", binder);
        }
        Optional<PluggedProvider> found =
                ofName.stream().filter(PluggedProvider::isUsable).findFirst();
        return found.isPresent()
                ? use(asked, found.get(), binder)
                : fallBack(asked, "no provider has this name" + namesOf(all) + troublesOf(all), binder);
    }

    private Resolution use(String asked, PluggedProvider found, BiConsumer<CronScheduler, String> binder) {
        Runnable release = plugins.hold(found.loader());
        try {
            return usable(asked, found, binder);
        } finally {
            release.run();
        }
    }

    private Resolution usable(String asked, PluggedProvider found, BiConsumer<CronScheduler, String> binder) {
        Guard.Answer<CronScheduler> made = guard.call("provider-load", found.loader(), Guard.QUICK, found::make);
        if (made.value().isEmpty()) {
            return fallBack(asked, "its constructor " + made.trouble().orElse("failed"), binder);
        }
        CronScheduler provider = made.value().get();
        Guard.Answer<Boolean> available = guard.call("provider-" + asked, found.loader(), Guard.QUICK, () -> {
            binder.accept(provider, asked);
            return provider.isAvailable();
        });
        if (available.trouble().isPresent()) {
            return fallBack(asked, unavailable(available.trouble().get()), binder);
        }
        if (!available.value().orElse(false)) {
            return fallBack(
                    asked,
                    "it says that it is not available; check that its settings under cron." + asked + " are complete",
                    binder);
        }
        return new Resolution(Optional.of(provider), asked, Optional.empty());
    }

    /** A refusal with a reason is for who set it up; anything else for its author. */
    private static String unavailable(String trouble) {
        return trouble.startsWith(Guard.FAILED)
                ? "it is not available: " + trouble.substring(Guard.FAILED.length())
                : "its isAvailable() " + trouble;
    }

    private static String inItsJar(PluggedProvider found) {
        return found.origin().equals(PluginListing.CLASS_PATH) || found.origin().equals(found.className())
                ? ""
                : " in " + found.origin();
    }

    private Resolution fallBack(String asked, String why, BiConsumer<CronScheduler, String> binder) {
        String reason = "cron.provider '" + asked + "' is not used: " + why;
        return new Resolution(Optional.of(builtin(binder)), asked, Optional.of(reason));
    }

    private static BuiltinScheduler builtin(BiConsumer<CronScheduler, String> binder) {
        BuiltinScheduler ticker = new BuiltinScheduler();
        binder.accept(ticker, BuiltinScheduler.NAME);
        return ticker;
    }

    private static String namesOf(List<PluggedProvider> all) {
        TreeSet<String> names = new TreeSet<>();
        names.add(BuiltinScheduler.NAME);
        all.stream().filter(found -> found.isUsable() || found.isAmbiguous()).forEach(found -> names.add(found.name()));
        return "; these exist: " + String.join(", ", names);
    }

    private static String troublesOf(List<PluggedProvider> all) {
        StringBuilder text = new StringBuilder();
        all.stream()
                .filter(found -> !found.isUsable() && !found.isAmbiguous())
                .forEach(found -> text.append("; ")
                        .append(found.className())
                        .append(inItsJar(found))
                        .append(" could not be used: ")
                        .append(found.trouble().orElse("it failed")));
        return text.toString();
    }
}
