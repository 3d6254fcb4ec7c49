package dev.kairos.builtin.plugin;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whose each name is. The host's own come first, then the class path's, then those of the JARs in their order. Two JARs
 * with a provider of one name leave the choice to nobody, since the ticker can stand in; of two runners or channels the
 * first one counts.
 */
final class Names {
    private final List<Plugin> plugins;
    private final PluginPlaces places;

    Names(List<Plugin> plugins, PluginPlaces places) {
        this.plugins = plugins;
        this.places = places;
    }

    /** The plug-ins, with the offers marked that have a name of somebody else's. */
    List<Plugin> settled() {
        return plugins.stream()
                .map(plugin -> plugin.with(plugin.offers().stream()
                        .map(offer -> offer.with(clash(plugin, offer)))
                        .toList()))
                .toList();
    }

    private record Holder(Plugin plugin, Offer offer) {
        boolean isOnClassPath() {
            return plugin.source().isEmpty();
        }

        /** By what they are called: comparing offers would call the plug-in's own equals. */
        boolean is(Plugin other, Offer one) {
            return plugin.origin().equals(other.origin())
                    && offer.spi() == one.spi()
                    && offer.className().equals(one.className());
        }
    }

    private Optional<NameClash> clash(Plugin plugin, Offer offer) {
        if (!offer.isSound() || !offer.spi().isNamed()) {
            return Optional.empty();
        }
        if (places.reserved(offer.spi()).contains(offer.name())) {
            Trouble reserved = new Trouble(
                    "its name '" + offer.name() + "' is reserved for the host", "ask its author for another");
            return Optional.of(new NameClash(reserved, false));
        }
        List<Holder> holders = plugins.stream()
                .flatMap(other -> other.offers().stream()
                        .filter(one -> isSameName(one, offer))
                        .map(one -> new Holder(other, one)))
                .toList();
        return offer.spi() == Spi.PROVIDER
                ? amongProviders(new Holder(plugin, offer), holders)
                : holders.get(0).is(plugin, offer) ? Optional.empty() : Optional.of(taken(holders.get(0)));
    }

    private boolean isSameName(Offer one, Offer other) {
        return one.spi().word().equals(other.spi().word())
                && one.isSound()
                && one.name().equals(other.name());
    }

    private static Optional<NameClash> amongProviders(Holder one, List<Holder> holders) {
        List<Holder> peers = holders.stream()
                .filter(other -> other.isOnClassPath() == one.isOnClassPath())
                .toList();
        if (!one.isOnClassPath() && peers.size() < holders.size()) {
            return Optional.of(taken(holders.get(0)));
        }
        return peers.size() == 1 ? Optional.empty() : Optional.of(ambiguous(peers));
    }

    private static NameClash taken(Holder first) {
        Trouble trouble = new Trouble(
                first.plugin().origin() + " offers a " + first.offer().spi().word() + " named '"
                        + first.offer().name() + "' already",
                "take one of the two away, then: kairos plugins reload");
        return new NameClash(trouble, false);
    }

    private static NameClash ambiguous(List<Holder> holders) {
        String where = holders.stream()
                .map(holder ->
                        holder.offer().className() + " in " + holder.plugin().origin())
                .sorted()
                .collect(Collectors.joining(", "));
        return new NameClash(new Trouble("another provider has the same name", "leave one of them: " + where), true);
    }
}
