package dev.kairos.app.command;

import dev.kairos.app.terminal.Table;
import dev.kairos.builtin.plugin.PluginListing;
import dev.kairos.builtin.plugin.PluginOffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Plug-ins as a table with the troubles below it, and as JSON. */
final class PluginTable {
    private PluginTable() {}

    static void tell(List<PluginListing> plugins, Session session) {
        Table table = new Table()
                .column("PLUG-IN", UnaryOperator.identity())
                .column("VERSION", UnaryOperator.identity())
                .column("STATE", UnaryOperator.identity())
                .shrinking("OFFERS", 12)
                .shrinking("SOURCE", 12);
        plugins.forEach(plugin ->
                table.row(plugin.id(), plugin.version(), plugin.state().word(), offers(plugin), plugin.source()));
        table.lines(session.io().width(), session.style()).forEach(session::say);
        plugins.forEach(plugin -> troubles(plugin, session));
    }

    private static String offers(PluginListing plugin) {
        return plugin.offers().stream()
                .map(offer -> offer.kind() + " " + (offer.name().isEmpty() ? "?" : offer.name())
                        + (offer.reason().isEmpty() ? "" : " (not usable)"))
                .collect(Collectors.joining(", "));
    }

    private static void troubles(PluginListing plugin, Session session) {
        boolean isOfOffers =
                plugin.offers().stream().anyMatch(offer -> offer.reason().isPresent());
        if (!isOfOffers) {
            plugin.reason().ifPresent(reason -> {
                session.say(session.style().bad(plugin.id() + ": " + reason));
                plugin.remedy().ifPresent(remedy -> session.say("  " + remedy));
            });
        }
        for (PluginOffer offer : plugin.offers()) {
            offer.reason().ifPresent(reason -> {
                session.say(session.style()
                        .bad(plugin.id() + ", " + offer.kind() + " " + offer.className() + ": " + reason));
                offer.remedy().ifPresent(remedy -> session.say("  " + remedy));
            });
        }
    }

    static List<Map<String, Object>> trees(List<PluginListing> plugins) {
        List<Map<String, Object>> trees = new ArrayList<>();
        plugins.forEach(plugin -> trees.add(tree(plugin)));
        return trees;
    }

    static Map<String, Object> tree(PluginListing plugin) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("id", plugin.id());
        tree.put("version", plugin.version());
        tree.put("source", plugin.source());
        tree.put("sha256", plugin.sha256());
        tree.put("state", plugin.state().word());
        List<Map<String, Object>> offers = new ArrayList<>();
        for (PluginOffer offer : plugin.offers()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("kind", offer.kind());
            one.put("name", offer.name());
            one.put("class", offer.className());
            one.put("usable", offer.reason().isEmpty());
            offer.reason().ifPresent(reason -> one.put("reason", reason));
            offer.remedy().ifPresent(remedy -> one.put("remedy", remedy));
            offers.add(one);
        }
        tree.put("offers", offers);
        plugin.reason().ifPresent(reason -> tree.put("reason", reason));
        plugin.remedy().ifPresent(remedy -> tree.put("remedy", remedy));
        return tree;
    }
}
