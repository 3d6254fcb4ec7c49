package dev.kairos.builtin.plugin;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Where plug-ins are looked for, and the names that none of them may have.
 *
 * <p>Status: internal.
 *
 * @param home the home folder
 * @param folders the folders into which JARs are dropped, in order
 * @param classPath the host's own class loaders, in order
 * @param providers names of providers that are the host's
 * @param runners kinds that are the host's
 * @param channels platforms that are the host's
 */
public record PluginPlaces(
        Path home,
        List<Path> folders,
        List<ClassLoader> classPath,
        Set<String> providers,
        Set<String> runners,
        Set<String> channels) {
    public PluginPlaces {
        folders = List.copyOf(folders);
        classPath = List.copyOf(classPath);
        providers = Set.copyOf(providers);
        runners = Set.copyOf(runners);
        channels = Set.copyOf(channels);
    }

    /** The home's own folder for plug-ins, which need not be there. */
    public static Path dropped(Path home) {
        return home.resolve("plugins");
    }

    /** The private folder of what processes tell one another about plug-ins. */
    static Path notes(Path home) {
        return home.resolve("cron").resolve("plugins");
    }

    Path staging() {
        return notes(home).resolve("staged");
    }

    /** Names of the SPI that are the host's. */
    Set<String> reserved(Spi spi) {
        return switch (spi) {
            case PROVIDER -> providers;
            case RUNNER, RUNNER_FACTORY -> runners;
            case CHANNEL, CHANNEL_FACTORY -> channels;
            case STORE, CLASSIFIER, LISTENER -> Set.of();
        };
    }
}
