package dev.kairos.builtin;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.env.Environment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds provider classes, one by one, so that a broken one hides no other. */
final class ProviderFinder {
    /** A services file that keeps failing is left after so many errors. */
    private static final int MAX_ERRORS = 100;

    private static final Pattern LEGAL_NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

    private final Guard guard;
    private final List<ClassLoader> loaders;

    /** A class that was found, constructed and asked for its name, as far as that went. */
    record Found(String className, ClassLoader loader, Optional<CronScheduler> provider, String name, String problem) {
        boolean isUsable() {
            return provider.isPresent() && problem.isEmpty();
        }
    }

    ProviderFinder(Environment environment, List<ClassLoader> loaders) {
        this.guard = new Guard(environment);
        this.loaders = List.copyOf(loaders);
    }

    List<Found> find() {
        List<Found> found = new ArrayList<>();
        Set<Class<?>> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (ClassLoader loader : loaders) {
            Iterator<ServiceLoader.Provider<CronScheduler>> entries =
                    ServiceLoader.load(CronScheduler.class, loader).stream().iterator();
            for (int errors = 0; errors < MAX_ERRORS; ) {
                try {
                    if (!entries.hasNext()) {
                        break;
                    }
                    ServiceLoader.Provider<CronScheduler> entry = entries.next();
                    if (seen.add(entry.type())) {
                        found.add(construct(entry));
                    }
                } catch (Throwable thrown) {
                    errors++;
                    found.add(new Found("a listed class", loader, Optional.empty(), "", Guard.words(thrown)));
                }
            }
        }
        return found;
    }

    private Found construct(ServiceLoader.Provider<CronScheduler> entry) {
        Class<? extends CronScheduler> type = entry.type();
        ClassLoader loader = loaderOf(type);
        Guard.Answer<CronScheduler> made = guard.call("provider-load", loader, Guard.QUICK, entry::get);
        if (made.value().isEmpty()) {
            return new Found(
                    type.getName(),
                    loader,
                    Optional.empty(),
                    "",
                    "its constructor " + made.trouble().orElse("failed"));
        }
        CronScheduler provider = made.value().get();
        Guard.Answer<String> named = guard.call("provider-name", loader, Guard.QUICK, provider::name);
        if (named.value().isEmpty()) {
            return new Found(
                    type.getName(),
                    loader,
                    Optional.empty(),
                    "",
                    "name() " + named.trouble().orElse("failed"));
        }
        String name = named.value().get();
        String problem = !LEGAL_NAME.matcher(name).matches()
                ? "its name is not made of lower-case letters, digits and dashes"
                : ProviderResolver.isReserved(name) ? "its name '" + name + "' is reserved for the host" : "";
        return new Found(type.getName(), loader, Optional.of(provider), name, problem);
    }

    static ClassLoader loaderOf(Class<?> type) {
        ClassLoader own = type.getClassLoader();
        return own == null ? ClassLoader.getSystemClassLoader() : own;
    }
}
