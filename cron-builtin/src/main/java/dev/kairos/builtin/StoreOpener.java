package dev.kairos.builtin;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.env.Environment;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.JobStoreFactory;
import dev.kairos.api.store.StoreException;
import dev.kairos.builtin.plugin.Guard;
import dev.kairos.builtin.plugin.Plugins;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Opens stores by their URLs, through the factories on the class path; plug-ins are asked only where none of those will.
 *
 * <p>Status: internal.
 */
public final class StoreOpener {
    private static final Pattern KIND = Pattern.compile("(?s)^((?:jdbc:)?[A-Za-z0-9+.-]{0,40}+:)?.*");
    private static final Pattern PARAMETERS = Pattern.compile("(?s)([?;#]).*");

    private StoreOpener() {}

    /**
     * Opens the configured store, to work on it.
     *
     * @throws InvalidInputException if no factory opens such a URL
     * @throws StoreException if it cannot be opened, or holds a copy that is not whole
     */
    static JobStore open(Configuration configuration, Path home, Environment environment, Supplier<Plugins> plugins) {
        String url = url(configuration);
        return whole(open(url, home, environment, plugins), url);
    }

    /**
     * The same where no store is to be made, nor one of an older version brought up to date.
     *
     * @throws StoreException in that case too
     */
    static JobStore openAsItIs(
            Configuration configuration, Path home, Environment environment, Supplier<Plugins> plugins) {
        String url = url(configuration);
        return whole(open(url, plugins, factory -> factory.openAsItIs(url, home, environment)), url);
    }

    private static String url(Configuration configuration) {
        return configuration.get(ConfigKey.STORE_URL).orElseThrow().strip();
    }

    private static JobStore whole(JobStore store, String url) {
        try {
            StoreCopy.requireWhole(store, withoutSecrets(url));
            return store;
        } catch (RuntimeException | Error trouble) {
            store.close();
            throw trouble;
        }
    }

    /**
     * Opens a store that need not be the configured one.
     *
     * @param configured its URL; a relative path in it is relative to the home
     * @param plugins asked for only where nothing on the class path takes the URL; not closed before the store is
     * @throws InvalidInputException if no factory opens such a URL
     * @throws StoreException if it cannot be opened
     */
    public static JobStore open(String configured, Path home, Environment environment, Supplier<Plugins> plugins) {
        String url = configured.strip();
        return open(url, plugins, factory -> factory.open(url, home, environment));
    }

    /**
     * Opens a store that is there, to read it; neither makes nor upgrades one.
     *
     * @param configured as in {@link #open(String, Path, Environment, Supplier)}
     * @throws InvalidInputException if no factory opens such a URL
     * @throws StoreException if there is no store, or it cannot be opened or read as it is
     */
    public static JobStore openUnchanged(
            String configured, Path home, Environment environment, Supplier<Plugins> plugins) {
        String url = configured.strip();
        return open(url, plugins, factory -> factory.openUnchanged(url, home, environment));
    }

    static JobStore open(String url, Supplier<Plugins> plugins, Function<JobStoreFactory, JobStore> opening) {
        List<String> broken = new ArrayList<>();
        Iterator<ServiceLoader.Provider<JobStoreFactory>> factories =
                ServiceLoader.load(JobStoreFactory.class, StoreOpener.class.getClassLoader()).stream()
                        .iterator();
        while (broken.size() < 20) {
            JobStoreFactory factory;
            try {
                if (!factories.hasNext()) {
                    break;
                }
                factory = factories.next().get();
                if (!factory.accepts(url)) {
                    continue;
                }
            } catch (RuntimeException | LinkageError | java.util.ServiceConfigurationError trouble) {
                broken.add(Guard.words(trouble));
                continue;
            }
            return opening.apply(factory);
        }
        Optional<JobStore> plugged = plugins.get().openStore(url, broken, opening);
        if (plugged.isPresent()) {
            return plugged.get();
        }
        String others = broken.isEmpty() ? "" : "; a store that was found could not be used: " + broken.get(0);
        throw new InvalidInputException(
                "store.url",
                withoutSecrets(url),
                "no store on the class path and no plug-in opens this" + others,
                StoreUrlForms.advice(url));
    }

    /** A URL may carry a password among its parameters or before an at sign, and the password any of these signs. */
    public static String withoutSecrets(String url) {
        if (url.indexOf('@') >= 0) {
            return KIND.matcher(url).replaceFirst("$1...");
        }
        return PARAMETERS.matcher(url).replaceFirst("$1...");
    }
}
