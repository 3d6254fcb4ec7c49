package dev.kairos.builtin;

import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.env.Environment;
import dev.kairos.api.event.CronListener;
import dev.kairos.api.run.FailureClassifier;
import dev.kairos.api.run.JobHandler;
import dev.kairos.api.run.JobRunner;
import dev.kairos.api.store.JobStore;
import dev.kairos.builtin.system.SystemEnvironment;
import dev.kairos.orchestrator.jobs.Caller;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a {@link CronRuntime} is assembled from. Nothing is required: without a word it is the home
 * {@code $KAIROS_HOME} (else {@code ~/.kairos}) as its {@code config.yaml} says. Not thread-safe. Status: experimental
 * since 0.1.
 */
public final class RuntimeBuilder {
    final Map<String, JobHandler> handlers = new ConcurrentHashMap<>();
    final List<JobRunner> runners = new ArrayList<>();
    final List<DeliveryChannel> channels = new ArrayList<>();
    final List<CronListener> listeners = new ArrayList<>();
    final List<FailureClassifier> classifiers = new ArrayList<>();
    final List<ClassLoader> loaders = new ArrayList<>();
    final Map<Class<?>, Object> capabilities = new LinkedHashMap<>();
    private final Map<String, String> settings = new LinkedHashMap<>();
    private Map<String, String> variables = System.getenv();
    Caller caller = Caller.application();
    boolean isMirrorLeftAlone;
    boolean isStoreLeftAsItIs;
    private @Nullable Path home;
    private @Nullable Environment environment;
    private @Nullable Configuration configuration;
    private @Nullable JobStore store;

    RuntimeBuilder() {}

    /** The home folder; made private when it is not there. */
    public RuntimeBuilder home(Path folder) {
        home = folder.toAbsolutePath().normalize();
        return this;
    }

    /** Sets one key over file, variables and properties, for example {@code "cron.interval", "10s"}. */
    public RuntimeBuilder setting(String key, String value) {
        settings.put(key, value);
        return this;
    }

    /** Sets keys over file, variables and properties. */
    public RuntimeBuilder settings(Map<String, String> values) {
        settings.putAll(values);
        return this;
    }

    /** Takes this configuration instead of loading the home's. */
    public RuntimeBuilder configuration(Configuration value) {
        configuration = Objects.requireNonNull(value);
        return this;
    }

    /** Takes these variables instead of the process's. */
    public RuntimeBuilder variables(Map<String, String> value) {
        variables = Map.copyOf(value);
        return this;
    }

    /** Takes this store instead of opening {@code store.url}; the caller closes it and keeps its jobs.json. */
    public RuntimeBuilder store(JobStore value) {
        store = Objects.requireNonNull(value);
        return this;
    }

    /** Leaves cron/jobs.json alone: what a person changed in it is not taken, and it is not written. */
    public RuntimeBuilder leaveMirrorAlone() {
        isMirrorLeftAlone = true;
        return this;
    }

    /** Neither makes a store nor brings one of an older version up to date: such a one is refused. */
    public RuntimeBuilder leaveStoreAsItIs() {
        isStoreLeftAsItIs = true;
        return this;
    }

    /** Takes this environment instead of the machine's. */
    public RuntimeBuilder environment(Environment value) {
        environment = Objects.requireNonNull(value);
        return this;
    }

    /** Registers Java work under a name; jobs name it in their {@code handler} field. */
    public RuntimeBuilder handler(String name, JobHandler handler) {
        handlers.put(name, handler);
        return this;
    }

    /** Adds a runner for one kind of work, in place of an earlier one of that kind. */
    public RuntimeBuilder runner(JobRunner runner) {
        runners.removeIf(other -> other.kind().equals(runner.kind()));
        runners.add(runner);
        return this;
    }

    /** Adds a delivery channel, in place of an earlier one of that platform. */
    public RuntimeBuilder channel(DeliveryChannel channel) {
        channels.removeIf(other -> other.platform().equals(channel.platform()));
        channels.add(channel);
        return this;
    }

    /** Adds a listener. */
    public RuntimeBuilder listener(CronListener listener) {
        listeners.add(Objects.requireNonNull(listener));
        return this;
    }

    /** Adds a classifier of failures, asked after those added before and ahead of the host's own. */
    public RuntimeBuilder classifier(FailureClassifier classifier) {
        classifiers.add(Objects.requireNonNull(classifier));
        return this;
    }

    /**
     * Adds a class loader of the application's in which providers, runners, channels, classifiers and listeners are looked
     * for, after the class path.
     */
    public RuntimeBuilder loader(ClassLoader loader) {
        loaders.add(Objects.requireNonNull(loader));
        return this;
    }

    /**
     * Offers something to every provider that asks for it ({@link dev.kairos.api.CronContext#capability}), a {@link
     * dev.kairos.api.FireCommandLine} for example; in place of an earlier one of that type.
     */
    public <T> RuntimeBuilder capability(Class<T> type, T offered) {
        capabilities.put(type, type.cast(Objects.requireNonNull(offered)));
        return this;
    }

    /** On whose behalf {@link CronRuntime#jobs} works; the application's by default. */
    public RuntimeBuilder caller(Caller value) {
        caller = Objects.requireNonNull(value);
        return this;
    }

    /**
     * Loads the configuration and opens the store. Nothing fires yet.
     *
     * @throws dev.kairos.api.InvalidInputException if config.yaml cannot be parsed, the home is no folder, or store.url
     *     names no store
     * @throws dev.kairos.api.store.StoreException if the store cannot be opened
     */
    public CronRuntime build() {
        return new CronRuntime(this);
    }

    Environment environmentOrMachine() {
        return environment == null ? new SystemEnvironment() : environment;
    }

    Path homeOrStandard() {
        if (home != null) {
            return home;
        }
        String configured = variables.getOrDefault("KAIROS_HOME", "");
        return configured.isBlank()
                ? Path.of(System.getProperty("user.home", "."), ".kairos").toAbsolutePath()
                : Path.of(configured.strip()).toAbsolutePath().normalize();
    }

    Configuration configurationOf(Path folder, Environment machine) {
        Configuration base = configuration != null
                ? configuration
                : Configuration.load(folder, machine.files(), variables, stringsOf(System.getProperties()));
        return settings.isEmpty() ? base : base.with(settings);
    }

    Optional<JobStore> givenStore() {
        return Optional.ofNullable(store);
    }

    Map<String, String> variables() {
        return variables;
    }

    private static Map<String, String> stringsOf(Properties properties) {
        Map<String, String> strings = new LinkedHashMap<>();
        properties.stringPropertyNames().forEach(name -> strings.put(name, properties.getProperty(name, "")));
        return strings;
    }
}
