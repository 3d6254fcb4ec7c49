package dev.kairos.builtin.plugin;

import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.delivery.DeliveryChannelFactory;
import dev.kairos.api.env.Environment;
import dev.kairos.api.event.CronListener;
import dev.kairos.api.run.FailureClassifier;
import dev.kairos.api.run.JobRunner;
import dev.kairos.api.run.JobRunnerFactory;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.JobStoreFactory;
import dev.kairos.orchestrator.PluggedParts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is plugged into one host: on its class path, and as JARs in the folders. Nothing is looked at before it is asked
 * for, and nothing again before {@link #reload}. A plug-in's fault is told in its listing, and harms nobody else. Thread-safe. Status: internal.
 */
public final class Plugins implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("cron.plugin");

    private final Environment environment;
    private final PluginPlaces places;
    private final List<PluginFolder> folders;
    private final Object turn = new Object();
    private volatile @Nullable Look look;
    private volatile List<Retiring> retiring = List.of();
    private volatile String keyOfStore = "";
    private volatile @Nullable FactoryHost host;
    private @Nullable PluginLoading loading;

    /** What one look came to. */
    private record Look(List<Plugin> plugins, PluggedParts parts) {}

    /** The plug-ins of these places. */
    public Plugins(Environment environment, PluginPlaces places) {
        this.environment = environment;
        this.places = places;
        Path dropped = PluginPlaces.dropped(places.home());
        this.folders = places.folders().stream()
                .map(folder -> new PluginFolder(folder, !folder.equals(dropped), environment.files()))
                .toList();
    }

    /** Says what factories are given from now on; without it what they would make cannot be used, only listed. */
    public void openFactoriesWith(FactoryHost given) {
        host = given;
    }

    /** Every plug-in, the class path's first, those that are not let in and those that retire included. */
    public List<PluginListing> listings() {
        return Stream.concat(
                        current().plugins().stream().map(Plugin::listing),
                        retiring.stream().map(Retiring::listing))
                .toList();
    }

    /** Runners, channels, listeners and classifiers that can be used now; the same object until the next reload. */
    public PluggedParts parts() {
        return current().parts();
    }

    /** Every provider, usable or not, and every JAR that is not let in. */
    public List<PluggedProvider> providers() {
        List<PluggedProvider> providers = new ArrayList<>();
        for (Plugin plugin : current().plugins()) {
            plugin.trouble().ifPresent(why -> providers.add(PluggedProvider.ofRefused(plugin, why)));
            plugin.offers().stream()
                    .filter(offer -> offer.spi() == Spi.PROVIDER)
                    .forEach(offer -> providers.add(PluggedProvider.of(plugin, offer)));
        }
        return providers;
    }

    /**
     * Keeps the plug-in that the loader belongs to from being unloaded while something of it is in use.
     *
     * @return ends that; may be called more than once
     */
    public Runnable hold(ClassLoader loader) {
        Look known = look;
        List<Gate> gates = Stream.concat(
                        known == null
                                ? Stream.empty()
                                : known.plugins().stream().flatMap(plugin -> plugin.loading().stream()),
                        retiring.stream().map(Retiring::loading))
                .filter(loading -> loading.loader() == loader)
                .map(Plugin.Loading::gate)
                .distinct()
                .toList();
        gates.forEach(Gate::enter);
        AtomicBoolean isOver = new AtomicBoolean();
        return () -> {
            if (isOver.compareAndSet(false, true)) {
                gates.forEach(Gate::leave);
            }
        };
    }

    /**
     * Opens a store by the first factory in a JAR that takes the URL; those on the class path are asked elsewhere.
     *
     * @param broken gets the words for each that could not be asked
     * @return empty if none takes it
     */
    public Optional<JobStore> openStore(String url, Path home, List<String> broken) {
        return openStore(url, broken, factory -> factory.open(url, home, environment));
    }

    /** The same in another way. */
    public Optional<JobStore> openStore(String url, List<String> broken, Function<JobStoreFactory, JobStore> opening) {
        for (Plugin plugin : current().plugins()) {
            if (plugin.source().isEmpty()) {
                continue;
            }
            plugin.trouble().ifPresent(why -> broken.add(plugin.origin() + ": " + why.reason()));
            for (Offer offer : plugin.offers()) {
                Optional<GuardedStores> stores =
                        offer.spi() == Spi.STORE ? taking(url, plugin, offer, broken) : Optional.empty();
                if (stores.isPresent()) {
                    JobStore opened = opening.apply(stores.get());
                    keyOfStore = plugin.key();
                    return Optional.of(opened);
                }
            }
        }
        return Optional.empty();
    }

    /** The factory, if it takes the URL. */
    private Optional<GuardedStores> taking(String url, Plugin plugin, Offer offer, List<String> broken) {
        offer.trouble().ifPresent(why -> broken.add(plugin.origin() + ": " + why.reason()));
        if (!offer.isUsable()) {
            return Optional.empty();
        }
        GuardedStores stores = new GuardedStores(offer.as(JobStoreFactory.class), gate(plugin, offer));
        try {
            return stores.accepts(url) ? Optional.of(stores) : Optional.empty();
        } catch (IllegalStateException e) {
            broken.add(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /**
     * Looks again: new JARs become usable, those that are gone or changed are withdrawn and, once nothing is inside them,
     * unloaded.
     *
     * @return the class loaders of those that were withdrawn: what is still in use of them must be given up
     */
    public Set<ClassLoader> reload() {
        synchronized (turn) {
            Look last = look;
            if (last == null) {
                current();
                return Set.of();
            }
            List<Plugin> before = last.plugins();
            look = look(before);
            List<Plugin> after = current().plugins();
            Set<String> kept = new HashSet<>();
            after.forEach(plugin -> kept.add(plugin.key()));
            Set<ClassLoader> withdrawn = new HashSet<>();
            List<Retiring> leaving = new ArrayList<>(retiring);
            for (Plugin plugin : before) {
                if (plugin.source().isPresent() && plugin.isLoaded() && !kept.contains(plugin.key())) {
                    Plugin.Loading loaded = plugin.loading().orElseThrow();
                    withdrawn.add(loaded.loader());
                    boolean isKept = plugin.key().equals(keyOfStore);
                    leaving.add(new Retiring(plugin, loaded, environment.uptime(), false, isKept));
                    LOG.info("cron.plugin id={} source={} withdrawn", plugin.id(), plugin.origin());
                }
            }
            retiring = List.copyOf(leaving);
            return withdrawn;
        }
    }

    /** Unloads what was withdrawn and is not used any more. Call it now and then. */
    public void sweep() {
        if (retiring.isEmpty()) {
            return;
        }
        synchronized (turn) {
            List<Retiring> left = new ArrayList<>();
            for (Retiring one : retiring) {
                Retiring swept = one.canBeUnloaded(environment.uptime()) ? unload(one) : one;
                if (!swept.isUnloaded() || !swept.threads().isEmpty()) {
                    left.add(swept);
                }
            }
            retiring = List.copyOf(left);
        }
    }

    private Retiring unload(Retiring one) {
        unload(one.plugin());
        List<String> threads = one.threads();
        if (threads.isEmpty()) {
            LOG.info(
                    "cron.plugin id={} source={} unloaded",
                    one.plugin().id(),
                    one.plugin().origin());
        } else {
            LOG.warn(
                    "cron.plugin id={} source={} unloaded, and it left threads behind: {}; restart to be rid of them",
                    one.plugin().id(),
                    one.plugin().origin(),
                    String.join(", ", threads));
        }
        return one.unloaded();
    }

    private void unload(Plugin plugin) {
        PluginLoading loaded = loading;
        if (loaded != null) {
            loaded.unload(plugin);
        }
    }

    /** Unloads everything; nothing of it may be in use any more. Idempotent. */
    @Override
    public void close() {
        synchronized (turn) {
            Look last = look;
            if (last != null) {
                last.plugins().stream().filter(Plugin::isLoaded).forEach(this::unload);
            }
            retiring.stream().filter(one -> !one.isUnloaded()).forEach(one -> unload(one.plugin()));
            retiring = List.of();
            look = new Look(List.of(), PluggedParts.NONE);
        }
    }

    private Look current() {
        Look known = look;
        if (known != null) {
            return known;
        }
        synchronized (turn) {
            Look meanwhile = look;
            if (meanwhile != null) {
                return meanwhile;
            }
            Look first = look(List.of());
            look = first;
            return first;
        }
    }

    private Look look(List<Plugin> before) {
        List<Plugin> found = new ArrayList<>();
        before.stream()
                .filter(plugin -> plugin.source().isEmpty())
                .findFirst()
                .or(this::classPath)
                .ifPresent(found::add);
        if (!folders.stream().allMatch(PluginFolder::isEmpty)) {
            PluginLoading loader = loading;
            if (loader == null) {
                loader = new PluginLoading(environment, places);
                loading = loader;
            }
            List<FoundJar> jars =
                    folders.stream().flatMap(folder -> folder.jars().stream()).toList();
            found.addAll(loader.load(jars, before));
        }
        List<Plugin> settled = new Names(found, places).settled();
        return new Look(settled, parts(settled));
    }

    private Optional<Plugin> classPath() {
        ServiceFinder finder = new ServiceFinder(environment);
        List<Offer> offers = new ArrayList<>();
        for (Spi spi : Spi.values()) {
            if (spi.isAskedElsewhereOnTheClassPath()) {
                continue;
            }
            places.classPath().forEach(loader -> offers.addAll(finder.find(spi, loader)));
        }
        if (offers.isEmpty()) {
            return Optional.empty();
        }
        PluginManifest manifest = new PluginManifest("class-path", ApiVersion.CURRENT, "*");
        ClassLoader loader = Plugins.class.getClassLoader();
        return Optional.of(new Plugin(
                manifest,
                Optional.empty(),
                "",
                "",
                Optional.of(new Plugin.Loading(loader, new Gate("class path", loader, environment))),
                offers,
                Optional.empty(),
                false));
    }

    private PluggedParts parts(List<Plugin> plugins) {
        List<JobRunner> runners = new ArrayList<>();
        List<DeliveryChannel> channels = new ArrayList<>();
        List<CronListener> listeners = new ArrayList<>();
        List<FailureClassifier> classifiers = new ArrayList<>();
        for (Plugin plugin : plugins) {
            for (Offer offer : plugin.offers()) {
                if (!offer.isUsable()) {
                    continue;
                }
                Gate gate = gate(plugin, offer);
                switch (offer.spi()) {
                    case RUNNER -> runners.add(new GuardedRunner(offer.as(JobRunner.class), offer.name(), gate));
                    case CHANNEL ->
                        channels.add(new GuardedChannel(offer.as(DeliveryChannel.class), offer.name(), gate));
                    case RUNNER_FACTORY -> runners.add(guarded(offer.as(JobRunnerFactory.class), offer.name(), gate));
                    case CHANNEL_FACTORY ->
                        channels.add(guarded(offer.as(DeliveryChannelFactory.class), offer.name(), gate));
                    case LISTENER -> listeners.add(new GuardedListener(offer.as(CronListener.class), gate));
                    case CLASSIFIER -> classifiers.add(new GuardedClassifier(offer.as(FailureClassifier.class), gate));
                    case PROVIDER, STORE -> {} // asked for by name, and by URL
                }
            }
        }
        return new PluggedParts(runners, channels, listeners, classifiers);
    }

    private JobRunner guarded(JobRunnerFactory factory, String kind, Gate gate) {
        return new GuardedRunner(new FactoryRunner(factory, kind, this::host), kind, gate);
    }

    private DeliveryChannel guarded(DeliveryChannelFactory factory, String platform, Gate gate) {
        return new GuardedChannel(new FactoryChannel(factory, platform, this::host), platform, gate);
    }

    private FactoryHost host() {
        FactoryHost given = host;
        if (given == null) {
            throw new IllegalStateException("was asked for by a host that runs no jobs");
        }
        return given;
    }

    /** What is on the class path has as many loaders as its classes have. */
    private Gate gate(Plugin plugin, Offer offer) {
        Plugin.Loading loaded = plugin.loading().orElseThrow();
        return plugin.source().isPresent() ? loaded.gate() : new Gate(offer.className(), offer.loader(), environment);
    }
}
