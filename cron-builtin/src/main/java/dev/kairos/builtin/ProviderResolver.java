package dev.kairos.builtin;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.InvalidInputException;
import dev.kairos.api.env.Environment;
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
    private final ProviderFinder finder;

    /**
     * Creates a resolver.
     *
     * @param loaders where to look for providers, in order; a class seen through two of them counts once
     */
    public ProviderResolver(Environment environment, List<ClassLoader> loaders) {
        this.guard = new Guard(environment);
        this.finder = new ProviderFinder(environment, loaders);
    }

    /**
     * Chooses the provider. It is bound to its context, and {@code isAvailable} was asked; nothing was started.
     *
     * @param binder gives a provider its context; called with the provider and its name, before {@code isAvailable}
     */
    public Resolution resolve(Configuration configuration, BiConsumer<CronScheduler, String> binder) {
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
                Optional.of(BuiltinScheduler.NAME), BuiltinScheduler.class.getName(), Optional.empty()));
        List<ProviderFinder.Found> all = finder.find();
        for (ProviderFinder.Found found : all) {
            boolean isShared = found.isUsable()
                    && all.stream()
                                    .filter(other ->
                                            other.isUsable() && other.name().equals(found.name()))
                                    .count()
                            > 1;
            String problem = isShared ? "another provider has the same name" : found.problem();
            listings.add(new ProviderListing(
                    Optional.of(found.name()).filter(name -> !name.isEmpty()),
                    found.className(),
                    Optional.of(problem).filter(text -> !text.isEmpty())));
        }
        return listings;
    }

    static boolean isReserved(String name) {
        return BUILTIN_WORDS.contains(name) || name.equals(NONE);
    }

    private Resolution named(String asked, BiConsumer<CronScheduler, String> binder) {
        List<ProviderFinder.Found> all = finder.find();
        List<ProviderFinder.Found> matching = all.stream()
                .filter(found -> found.isUsable() && found.name().equals(asked))
                .toList();
        if (matching.isEmpty()) {
            return fallBack(asked, "no provider has this name" + namesOf(all) + troublesOf(all), binder);
        }
        if (matching.size() > 1) {
            String classes = String.join(
                    ", ",
                    matching.stream()
                            .map(ProviderFinder.Found::className)
                            .sorted()
                            .toList());
            return fallBack(
                    asked, "several providers have this name (" + classes + "); leave one on the class path", binder);
        }
        ProviderFinder.Found found = matching.get(0);
        CronScheduler provider = found.provider().orElseThrow();
        Guard.Answer<Boolean> available = guard.call("provider-" + asked, found.loader(), Guard.QUICK, () -> {
            binder.accept(provider, asked);
            return provider.isAvailable();
        });
        if (available.trouble().isPresent()) {
            return fallBack(asked, "its isAvailable() " + available.trouble().get(), binder);
        }
        if (!available.value().orElse(false)) {
            return fallBack(
                    asked,
                    "it says that it is not available; check that its settings under cron." + asked + " are complete",
                    binder);
        }
        return new Resolution(Optional.of(provider), asked, Optional.empty());
    }

    private Resolution fallBack(String asked, String why, BiConsumer<CronScheduler, String> binder) {
        String reason = "cron.provider '" + asked + "' is not used: " + why;
        LOG.warn("cron.provider asked={} using={} {}", asked, BuiltinScheduler.NAME, reason);
        return new Resolution(Optional.of(builtin(binder)), asked, Optional.of(reason));
    }

    private static BuiltinScheduler builtin(BiConsumer<CronScheduler, String> binder) {
        BuiltinScheduler ticker = new BuiltinScheduler();
        binder.accept(ticker, BuiltinScheduler.NAME);
        return ticker;
    }

    private static String namesOf(List<ProviderFinder.Found> all) {
        TreeSet<String> names = new TreeSet<>();
        names.add(BuiltinScheduler.NAME);
        all.stream().filter(ProviderFinder.Found::isUsable).forEach(found -> names.add(found.name()));
        return "; these exist: " + String.join(", ", names);
    }

    private static String troublesOf(List<ProviderFinder.Found> all) {
        StringBuilder text = new StringBuilder();
        all.stream()
                .filter(found -> !found.isUsable())
                .forEach(found -> text.append("; ")
                        .append(found.className())
                        .append(" could not be used: ")
                        .append(found.problem()));
        return text.toString();
    }
}
