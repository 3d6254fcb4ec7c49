package dev.kairos.builtin;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.env.Environment;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;

/** Makes the contexts of providers, and remembers which provider has which. */
final class ProviderContexts {
    private final FiringCore core;
    private final Environment environment;
    private final Configuration configuration;
    private final PassObserver observer;
    private final Map<Class<?>, Object> offered;
    private final Map<CronScheduler, HostContext> bound = Collections.synchronizedMap(new IdentityHashMap<>());

    /**
     * Contexts of one configuration.
     *
     * @param offered what the host offers every provider as a capability
     */
    ProviderContexts(
            FiringCore core,
            Environment environment,
            Configuration configuration,
            PassObserver observer,
            Map<Class<?>, Object> offered) {
        this.core = core;
        this.environment = environment;
        this.configuration = configuration;
        this.observer = observer;
        this.offered = Map.copyOf(offered);
    }

    /** Binds the provider to a context of its own. */
    HostContext bind(CronScheduler provider, String name) {
        return bind(provider, name, core);
    }

    /** Binds a ticker that covers for another provider. */
    HostContext bindCover(BuiltinScheduler ticker, AheadTicks ticks) {
        return bind(ticker, BuiltinScheduler.NAME, ticks);
    }

    private HostContext bind(CronScheduler provider, String name, AheadTicks ticks) {
        Map<Class<?>, Object> capabilities = provider instanceof BuiltinScheduler
                ? Map.of(PassObserver.class, observer, AheadTicks.class, ticks)
                : offered;
        HostContext context = new HostContext(name, core, environment, configuration, capabilities);
        bound.put(provider, context);
        provider.bind(context);
        return context;
    }

    /** Forgets the contexts of others, whose class loaders would live on by it. */
    void forgetAllBut(Optional<CronScheduler> provider) {
        bound.keySet().removeIf(known -> provider.filter(kept -> kept == known).isEmpty());
    }

    Optional<HostContext> of(CronScheduler provider) {
        return Optional.ofNullable(bound.get(provider));
    }

    Configuration configuration() {
        return configuration;
    }

    FiringCore core() {
        return core;
    }

    /** How overdue something may be behind an external provider; zero is for ever. */
    Duration backstop() {
        return configuration.getLenient(ConfigKey.BACKSTOP).orElseThrow();
    }

    PassObserver observer() {
        return observer;
    }

    Environment environment() {
        return environment;
    }

    /** How long a start may take to arm. */
    Duration startTimeout() {
        return configuration.getLenient(ConfigKey.PROVIDER_START_TIMEOUT).orElseThrow();
    }

    /** The slow clock of reconciling. */
    Duration reconcileInterval() {
        return configuration.getLenient(ConfigKey.RECONCILE_INTERVAL).orElseThrow();
    }

    Duration interval() {
        return configuration.getLenient(ConfigKey.INTERVAL).orElseThrow();
    }
}
