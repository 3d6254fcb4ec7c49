package dev.kairos.builtin;

import dev.kairos.api.env.Environment;
import dev.kairos.api.job.WorkKind;
import dev.kairos.builtin.plugin.PluginCheck;
import dev.kairos.builtin.plugin.PluginPlaces;
import dev.kairos.builtin.plugin.Plugins;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says where the plug-ins of a home are, and which names are the host's.
 *
 * <p>Status: internal.
 */
public final class PluggedHome {
    private static final Logger LOG = LoggerFactory.getLogger("cron.plugin");
    private static final Set<String> OWN_RUNNERS = Set.of(WorkKind.SCRIPT.word(), WorkKind.HANDLER.word());
    private static final Set<String> OWN_CHANNELS = Set.of("console", "local", "origin", "all");

    private PluggedHome() {}

    /** The plug-ins of a home, nothing of which is looked at yet, beside what is on the host's own class path. */
    public static Plugins of(Environment environment, Path home, Configuration configuration) {
        return new Plugins(
                environment,
                new PluginPlaces(
                        home,
                        folders(home, configuration),
                        List.of(PluggedHome.class.getClassLoader()),
                        ProviderResolver.reserved(),
                        OWN_RUNNERS,
                        OWN_CHANNELS));
    }

    /**
     * A check of one JAR, with the names that are the host's everywhere.
     *
     * @param staging an empty, private folder for its copy
     */
    public static PluginCheck check(Environment environment, Path staging) {
        return new PluginCheck(environment, staging, ProviderResolver.reserved(), OWN_RUNNERS, OWN_CHANNELS);
    }

    /** The plug-ins of a runtime, whose application may have brought runners, channels and class loaders. */
    static Plugins of(Environment environment, Path home, Configuration configuration, RuntimeBuilder parts) {
        List<ClassLoader> classPath = new ArrayList<>();
        classPath.add(PluggedHome.class.getClassLoader());
        classPath.addAll(parts.loaders);
        Set<String> runners = new HashSet<>(OWN_RUNNERS);
        parts.runners.forEach(runner -> runners.add(runner.kind()));
        Set<String> channels = new HashSet<>(OWN_CHANNELS);
        parts.channels.forEach(channel -> channels.add(channel.platform()));
        return new Plugins(
                environment,
                new PluginPlaces(
                        home, folders(home, configuration), classPath, ProviderResolver.reserved(), runners, channels));
    }

    /** What is listed in the loaders, without any folder. */
    static Plugins classPathAlone(Environment environment, List<ClassLoader> loaders) {
        return new Plugins(
                environment,
                new PluginPlaces(
                        Path.of(""), List.of(), loaders, ProviderResolver.reserved(), OWN_RUNNERS, OWN_CHANNELS));
    }

    private static List<Path> folders(Path home, Configuration configuration) {
        List<Path> folders = new ArrayList<>();
        folders.add(PluginPlaces.dropped(home));
        for (String folder : configuration.getLenient(ConfigKey.PLUGIN_FOLDERS).orElse(List.of())) {
            try {
                Path path = home.resolve(folder).normalize();
                if (!folders.contains(path)) {
                    folders.add(path);
                }
            } catch (InvalidPathException e) {
                LOG.warn("cron.plugin {} names no path: {}; it is left out", ConfigKey.PLUGIN_FOLDERS, folder);
            }
        }
        return folders;
    }
}
