package dev.kairos.builtin.plugin;

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

/** Finds the classes listed for an SPI, one by one, so that a broken one hides no other. Not thread-safe. */
final class ServiceFinder {
    /** A services file that keeps failing is left after so many errors. */
    private static final int MAX_ERRORS = 100;

    private static final Pattern LEGAL_NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

    private final Guard guard;
    private final Set<Class<?>> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    ServiceFinder(Environment environment) {
        this.guard = new Guard(environment);
    }

    /** What is listed in the loader; a class that was seen through another loader before counts once. */
    List<Offer> find(Spi spi, ClassLoader loader) {
        return find(spi, loader, false);
    }

    /** What is listed in a plug-in's own loader; a class that it did not bring itself is none of its offers. */
    List<Offer> findOwn(Spi spi, ClassLoader loader) {
        return find(spi, loader, true);
    }

    private List<Offer> find(Spi spi, ClassLoader loader, boolean isOwnOnly) {
        List<Offer> found = new ArrayList<>();
        Iterator<? extends ServiceLoader.Provider<?>> entries =
                ServiceLoader.load(spi.type(), loader).stream().iterator();
        for (int errors = 0; errors < MAX_ERRORS; ) {
            try {
                if (!entries.hasNext()) {
                    break;
                }
                ServiceLoader.Provider<?> entry = entries.next();
                boolean isOwn = entry.type().getClassLoader() == loader;
                if ((isOwn || !isOwnOnly) && seen.add(entry.type())) {
                    found.addAll(construct(spi, entry));
                }
            } catch (Throwable thrown) { // only of this line of the file: the next one is tried
                errors++;
                Throwable root = thrown.getCause() == null ? thrown : thrown.getCause();
                found.add(Offer.failed(spi, "a listed class", loader, Trouble.of(Guard.words(thrown), root)));
            }
        }
        return found;
    }

    /** What the class offers: a factory of channels one for each of its platforms, everything else one. */
    private List<Offer> construct(Spi spi, ServiceLoader.Provider<?> entry) {
        String type = entry.type().getName();
        ClassLoader loader = Guard.loaderOf(entry.type());
        Guard.Answer<Object> made = guard.call(spi.word() + "-load", loader, Guard.QUICK, entry::get);
        if (made.value().isEmpty()) {
            return List.of(Offer.failed(spi, type, loader, trouble("its constructor", made)));
        }
        Object instance = made.value().get();
        Guard.Answer<List<String>> named =
                guard.call(spi.word() + "-name", loader, Guard.QUICK, () -> List.copyOf(spi.namesOf(instance)));
        if (named.value().isEmpty()) {
            return List.of(Offer.failed(spi, type, loader, trouble(spi.namingMethod(), named)));
        }
        List<String> names = named.value().get();
        if (names.isEmpty()) {
            Trouble none = new Trouble("its " + spi.namingMethod() + " names none", "ask its author");
            return List.of(Offer.failed(spi, type, loader, none));
        }
        return names.stream()
                .map(name -> Offer.made(spi, instance, name, illegal(spi, name)))
                .toList();
    }

    private static Optional<Trouble> illegal(Spi spi, String name) {
        return spi.isNamed() && !LEGAL_NAME.matcher(name).matches()
                ? Optional.of(new Trouble(
                        "its name is not made of lower-case letters, digits and dashes", "ask its author for another"))
                : Optional.empty();
    }

    private static Trouble trouble(String what, Guard.Answer<?> answer) {
        String reason = what + " " + answer.trouble().orElse("failed");
        return answer.cause()
                .map(thrown -> Trouble.of(reason, thrown.getCause() == null ? thrown : thrown.getCause()))
                .orElseGet(() -> new Trouble(reason, "ask its author, or take it away: it must not wait"));
    }
}
