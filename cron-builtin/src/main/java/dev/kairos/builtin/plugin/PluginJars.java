package dev.kairos.builtin.plugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.pf4j.AbstractPluginManager;
import org.pf4j.DefaultExtensionFactory;
import org.pf4j.DefaultPluginDescriptor;
import org.pf4j.DefaultVersionManager;
import org.pf4j.ExtensionFactory;
import org.pf4j.ExtensionFinder;
import org.pf4j.Plugin;
import org.pf4j.PluginDescriptor;
import org.pf4j.PluginDescriptorFinder;
import org.pf4j.PluginFactory;
import org.pf4j.PluginLoader;
import org.pf4j.PluginRepository;
import org.pf4j.PluginState;
import org.pf4j.PluginStatusProvider;
import org.pf4j.PluginWrapper;
import org.pf4j.ServiceProviderExtensionFinder;
import org.pf4j.VersionManager;

/**
 * Loads and unloads staged JARs through PF4J, one by one. What PF4J finds, orders, starts and stops by itself is not used:
 * its finder loses providers, and one bad manifest stops it for all. Not thread-safe.
 */
final class PluginJars extends AbstractPluginManager {
    private final ClassLoader api;
    private final Map<Path, PluginDescriptor> descriptors = new ConcurrentHashMap<>();

    PluginJars(Path staging, ClassLoader host) {
        super(List.of(staging));
        this.api = new ApiClasses(host);
        setSystemVersion(ApiVersion.CURRENT);
    }

    /** A JAR that was loaded, or why not. */
    record Loaded(Optional<ClassLoader> loader, Optional<Trouble> trouble) {}

    /**
     * Loads one.
     *
     * @param key unique among the loaded ones; two versions of one plug-in may overlap for a while
     */
    Loaded load(String key, Path staged, PluginManifest manifest) {
        descriptors.put(
                staged, new DefaultPluginDescriptor(key, "", "", manifest.version(), manifest.requires(), "", ""));
        try {
            loadPlugin(staged);
            PluginWrapper wrapper = getPlugin(key);
            if (wrapper.getPluginState() == PluginState.DISABLED) {
                unload(key);
                return failed(new Trouble(
                        "it needs cron-api " + manifest.requires() + ", and this is " + ApiVersion.CURRENT,
                        "take a build of it for cron-api " + ApiVersion.CURRENT + ", or another Kairos"));
            }
            return new Loaded(Optional.of(wrapper.getPluginClassLoader()), Optional.empty());
        } catch (RuntimeException | LinkageError e) {
            return failed(Trouble.of("it " + Guard.words(e), e));
        } finally {
            descriptors.remove(staged);
        }
    }

    private static Loaded failed(Trouble trouble) {
        return new Loaded(Optional.empty(), Optional.of(trouble));
    }

    /**
     * None: a copy that is still in use by the version before may be loaded again beside it, under another key. The keys
     * alone tell loaded ones apart.
     */
    @Override
    protected @Nullable String idForPath(@Nullable Path staged) {
        return null;
    }

    /** Closes the loader of one that was loaded. */
    void unload(String key) {
        unloadPlugin(key);
    }

    /** Called by the constructor of the class above, like all that follow: nothing of this class is there yet. */
    @Override
    protected PluginDescriptorFinder createPluginDescriptorFinder() {
        return new PluginDescriptorFinder() {
            @Override
            public boolean isApplicable(Path path) {
                return true;
            }

            @Override
            public PluginDescriptor find(Path path) {
                return Objects.requireNonNull(descriptors.get(path), "only what load() names is loaded");
            }
        };
    }

    @Override
    protected PluginLoader createPluginLoader() {
        return new PluginLoader() {
            @Override
            public boolean isApplicable(Path path) {
                return true;
            }

            @Override
            public ClassLoader loadPlugin(Path path, PluginDescriptor descriptor) {
                PluginClasses classes = new PluginClasses(PluginJars.this, descriptor, api);
                try {
                    classes.addURL(path.toUri().toURL());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return classes;
            }
        };
    }

    @Override
    protected VersionManager createVersionManager() {
        return new DefaultVersionManager() {
            /** A wish that cannot be read is not fulfilled, and is nobody else's trouble. */
            @Override
            public boolean checkVersionConstraint(String version, String constraint) {
                try {
                    return super.checkVersionConstraint(version, constraint);
                } catch (RuntimeException e) {
                    return false;
                }
            }
        };
    }

    @Override
    protected PluginFactory createPluginFactory() {
        return wrapper -> new Plugin() {};
    }

    @Override
    protected ExtensionFactory createExtensionFactory() {
        return new DefaultExtensionFactory();
    }

    @Override
    protected ExtensionFinder createExtensionFinder() {
        return new ServiceProviderExtensionFinder(this); // never asked: ServiceFinder looks for what is offered
    }

    @Override
    protected PluginRepository createPluginRepository() {
        return new PluginRepository() {
            @Override
            public List<Path> getPluginPaths() {
                return List.of();
            }

            @Override
            public boolean deletePluginPath(Path path) {
                return false;
            }
        };
    }

    @Override
    protected PluginStatusProvider createPluginStatusProvider() {
        return new PluginStatusProvider() {
            @Override
            public boolean isPluginDisabled(String key) {
                return false;
            }

            @Override
            public void disablePlugin(String key) {
                // nothing is kept between starts
            }

            @Override
            public void enablePlugin(String key) {
                // nothing is kept between starts
            }
        };
    }
}
