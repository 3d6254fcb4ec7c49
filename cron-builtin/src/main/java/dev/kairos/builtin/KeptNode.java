package dev.kairos.builtin;

import dev.kairos.builtin.plugin.PluginListing;
import dev.kairos.builtin.plugin.Plugins;
import dev.kairos.orchestrator.health.HeartbeatReader;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a {@link PluginKeeper} keeps of one node: its plug-ins and its provider. */
final class KeptNode implements PluginKeeper.Host {
    private static final Logger LOG = LoggerFactory.getLogger("cron.provider");

    private final Node node;
    private final Plugins plugins;
    private final PresentConfiguration configuration;
    private final HeartbeatReader heartbeats;
    private final Reload reload;

    /** Looks at the folders of plug-ins again. */
    @FunctionalInterface
    interface Reload {
        void run() throws InterruptedException;
    }

    KeptNode(
            Node node, Plugins plugins, PresentConfiguration configuration, HeartbeatReader heartbeats, Reload reload) {
        this.node = node;
        this.plugins = plugins;
        this.configuration = configuration;
        this.heartbeats = heartbeats;
        this.reload = reload;
    }

    @Override
    public String node() {
        return node.id();
    }

    @Override
    public List<PluginListing> listings() {
        return plugins.listings();
    }

    @Override
    public void reload() throws InterruptedException {
        reload.run();
    }

    @Override
    public void sweep() {
        plugins.sweep();
    }

    @Override
    public Handover handOver(String provider, boolean isCheck) {
        Optional<String> overrider = configuration.overriderOfProvider();
        return overrider.isPresent()
                ? Handover.refused(
                        node.provider(),
                        overrider.get() + " says which provider this daemon uses; take it away and restart it")
                : node.handOver(configuration.asking(provider), isCheck);
    }

    @Override
    public boolean catchUp() {
        if (!heartbeats.isThere(node.id())) {
            return false;
        }
        configuration
                .changedProvider()
                .filter(wanted -> !node.askedProvider().equals(wanted))
                .ifPresent(wanted -> node.handOver(configuration.asking(wanted), false)
                        .refusal()
                        .ifPresent(why -> LOG.warn(
                                "cron.provider asked={} was configured while this node began, which keeps {}: {}",
                                wanted,
                                node.provider(),
                                why)));
        return true;
    }
}
