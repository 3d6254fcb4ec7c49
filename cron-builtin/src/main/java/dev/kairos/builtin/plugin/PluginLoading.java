package dev.kairos.builtin.plugin;

import dev.kairos.api.env.Environment;
import dev.kairos.orchestrator.PlainWords;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes plug-ins of JARs: staged, loaded, asked what they offer. Made when there is a first JAR. Not thread-safe. */
final class PluginLoading {
    private static final Trouble OFFERS_NOTHING = new Trouble(
            "it offers nothing: no file in its META-INF/services is named after an SPI of cron-api",
            "see docs/plugins.md for the names, or take it away");

    private final Environment environment;
    private final Staging staging;
    private final PluginJars jars;
    private int loads;

    PluginLoading(Environment environment, PluginPlaces places) {
        this.environment = environment;
        this.staging = new Staging(places.staging(), environment);
        this.jars = new PluginJars(places.staging(), PluginLoading.class.getClassLoader());
    }

    /** What becomes of the JARs, in their order; those loaded before that lie there unchanged stay as they are. */
    List<Plugin> load(List<FoundJar> found, List<Plugin> before) {
        Map<String, Plugin> byId = new HashMap<>();
        List<Plugin> plugins = new ArrayList<>();
        Set<String> sums = new HashSet<>();
        for (FoundJar jar : found) {
            Optional<Plugin> same =
                    before.stream().filter(plugin -> plugin.isStill(jar)).findFirst();
            Plugin plugin = same.filter(known -> !byId.containsKey(known.id())).orElseGet(() -> contained(jar, byId));
            if (plugin.isLoaded()) {
                byId.put(plugin.id(), plugin);
            }
            sums.add(plugin.sha256());
            plugins.add(plugin);
        }
        staging.sweep(sums);
        return plugins;
    }

    void unload(Plugin plugin) {
        if (!plugin.key().isEmpty()) {
            jars.unload(plugin.key());
        }
    }

    /** Whatever goes wrong with one JAR is its own trouble. */
    private Plugin contained(FoundJar jar, Map<String, Plugin> byId) {
        try {
            return load(jar, byId);
        } catch (Throwable thrown) {
            Trouble trouble = Trouble.of("it " + Guard.words(thrown), thrown);
            return Plugin.refused(PluginManifest.ofName(jar.source()), jar, trouble, false);
        }
    }

    private Plugin load(FoundJar jar, Map<String, Plugin> byId) {
        PluginManifest named = PluginManifest.ofName(jar.source());
        if (jar.refusal().isPresent()) {
            return Plugin.refused(named, jar, jar.refusal().get(), false);
        }
        if (jar.content().length == 0) {
            Trouble empty = new Trouble("it is empty", "copy it again; a copy that broke off looks like this");
            return Plugin.refused(named, jar, empty, false);
        }
        Path staged;
        try {
            staged = staging.stage(jar);
        } catch (IOException e) {
            Trouble unstaged = new Trouble(
                    "it cannot be copied for loading: " + PlainWords.of(e), "make room, or check the home's rights");
            return Plugin.refused(named, jar, unstaged, false);
        }
        PluginManifest.Reading reading = PluginManifest.read(jar.source(), staged);
        PluginManifest manifest = reading.manifest();
        if (reading.trouble().isPresent()) {
            return Plugin.refused(manifest, jar, reading.trouble().get(), false);
        }
        Plugin holder = byId.get(manifest.id());
        return holder == null ? load(jar, staged, manifest) : Plugin.refused(manifest, jar, duplicate(holder), true);
    }

    private static Trouble duplicate(Plugin holder) {
        return new Trouble(
                holder.origin() + " has the id " + holder.id() + " already",
                "take one of the two away, then: kairos plugins reload");
    }

    private Plugin load(FoundJar jar, Path staged, PluginManifest manifest) {
        loads++;
        String key = manifest.id() + "#" + loads;
        PluginJars.Loaded loaded = jars.load(key, staged, manifest);
        if (loaded.loader().isEmpty()) {
            return Plugin.refused(manifest, jar, loaded.trouble().orElseThrow(), false);
        }
        ClassLoader loader = loaded.loader().get();
        ServiceFinder finder = new ServiceFinder(environment);
        List<Offer> offers = new ArrayList<>();
        for (Spi spi : Spi.values()) {
            offers.addAll(finder.findOwn(spi, loader));
        }
        return new Plugin(
                manifest,
                Optional.of(jar.source()),
                jar.sha256(),
                key,
                Optional.of(new Plugin.Loading(loader, new Gate(manifest.id(), loader, environment))),
                offers,
                offers.isEmpty() ? Optional.of(OFFERS_NOTHING) : Optional.empty(),
                false);
    }
}
