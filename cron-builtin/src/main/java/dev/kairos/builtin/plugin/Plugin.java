package dev.kairos.builtin.plugin;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One plug-in as it was last looked at: a JAR, let in or not, or what is on the class path. Its offers do not change; what
 * is found out about them later makes another object.
 *
 * @param manifest what it says of itself
 * @param source the JAR; empty for the class path
 * @param sha256 the sum of the JAR; empty where it was not read
 * @param key under which it is loaded; empty if it is not
 * @param loading its loader and the gate before it; empty if it is not loaded
 * @param offers what it offers
 * @param trouble why nothing of it can be used
 * @param isDuplicate whether that is another's id
 */
record Plugin(
        PluginManifest manifest,
        Optional<Path> source,
        String sha256,
        String key,
        Optional<Loading> loading,
        List<Offer> offers,
        Optional<Trouble> trouble,
        boolean isDuplicate) {
    /** A loader and the gate before it. */
    record Loading(ClassLoader loader, Gate gate) {}

    Plugin {
        offers = List.copyOf(offers);
    }

    static Plugin refused(PluginManifest manifest, FoundJar jar, Trouble why, boolean isDuplicate) {
        return new Plugin(
                manifest,
                Optional.of(jar.source()),
                jar.sha256(),
                "",
                Optional.empty(),
                List.of(),
                Optional.of(why),
                isDuplicate);
    }

    String id() {
        return manifest.id();
    }

    /** Whether it may count as having its id. */
    boolean isLoaded() {
        return loading.isPresent();
    }

    /** Where it comes from, for messages. */
    String origin() {
        return source.map(Path::toString).orElse(PluginListing.CLASS_PATH);
    }

    /** Whether it is what lies there now. */
    boolean isStill(FoundJar jar) {
        return isLoaded()
                && source.filter(jar.source()::equals).isPresent()
                && sha256.equals(jar.sha256())
                && jar.refusal().isEmpty();
    }

    Plugin with(List<Offer> changed) {
        return new Plugin(manifest, source, sha256, key, loading, changed, trouble, isDuplicate);
    }

    PluginListing listing() {
        Optional<Trouble> first = trouble.or(
                () -> offers.stream().flatMap(offer -> offer.trouble().stream()).findFirst());
        return new PluginListing(
                manifest.id(),
                manifest.version(),
                origin(),
                sha256,
                state(),
                offers.stream().map(PluginOffer::of).toList(),
                first.map(Trouble::reason),
                first.map(Trouble::remedy));
    }

    private PluginState state() {
        if (isDuplicate) {
            return PluginState.DUPLICATE;
        }
        if (!isLoaded()) {
            return PluginState.REFUSED;
        }
        long usable = offers.stream().filter(Offer::isUsable).count();
        return trouble.isPresent() || usable == 0
                ? PluginState.UNUSABLE
                : usable == offers.size() ? PluginState.USABLE : PluginState.PARTLY_USABLE;
    }
}
