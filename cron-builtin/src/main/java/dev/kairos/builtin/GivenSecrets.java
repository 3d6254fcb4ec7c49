package dev.kairos.builtin;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The secrets that a configuration gave out so far, and who takes them out of texts. Thread-safe. */
final class GivenSecrets {
    private final Set<String> known = new LinkedHashSet<>();
    private final List<Consumer<Collection<String>>> listeners = new ArrayList<>();

    /** One more, or one that is known; the listeners hear of it before this returns. */
    synchronized void add(String secret) {
        if (known.add(secret)) {
            listeners.forEach(listener -> listener.accept(List.of(secret)));
        }
    }

    /** Tells those that are known, and from now on each new one. */
    synchronized void tell(Consumer<Collection<String>> listener) {
        listeners.add(listener);
        listener.accept(List.copyOf(known));
    }
}
