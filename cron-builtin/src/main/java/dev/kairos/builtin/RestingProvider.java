package dev.kairos.builtin;

import dev.kairos.api.ArmedTriggers;
import dev.kairos.api.CronScheduler;
import dev.kairos.api.ProviderHealth;
import dev.kairos.api.env.Environment;
import dev.kairos.builtin.plugin.Guard;
import dev.kairos.orchestrator.health.ProviderNotes;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The configured provider in a process that fires nothing by itself: it is bound and never started, and what it would fire
 * is refused. For a provider whose triggers outlive the process. Used by one thread.
 *
 * <p>Status: experimental since 0.1.
 */
public final class RestingProvider {
    private final Environment environment;
    private final FiringCore core;
    private final Resolution resolution;
    private final Guard guard;

    RestingProvider(Environment environment, FiringCore core, Resolution resolution) {
        this.environment = environment;
        this.core = core;
        this.resolution = resolution;
        this.guard = new Guard(environment);
    }

    /** Its name; the built-in ticker's where it cannot be used. */
    public String name() {
        return resolution.name();
    }

    /** Why the provider that is asked for cannot be used, a sentence. */
    public Optional<String> fallbackReason() {
        return resolution.fallbackReason();
    }

    /** Whether what it armed fires while no process of ours lives. */
    public boolean outlivesProcess() {
        return external()
                .flatMap(provider -> guard.call(
                                "provider-traits",
                                loader(provider),
                                Guard.QUICK,
                                () -> provider.traits().outlivesProcess())
                        .value())
                .orElse(false);
    }

    private Optional<CronScheduler> external() {
        return resolution.isBuiltin() ? Optional.empty() : resolution.provider();
    }

    private static ClassLoader loader(CronScheduler provider) {
        return Guard.loaderOf(provider.getClass());
    }

    /**
     * Has it converge its registry toward the store, for 30 s at most.
     *
     * @return why it did not, a clause
     */
    public Optional<String> reconcile() {
        return external()
                .flatMap(provider -> guard.call("provider-reconcile", loader(provider), Reconciler.BOUND, () -> {
                            provider.reconcile();
                            return true;
                        })
                        .trouble()
                        .map(words -> "its reconcile " + words));
    }

    /** What it says itself that does not work, after a reconcile that went well: a job that cannot be armed, for one. */
    public Optional<String> complaint() {
        return external()
                .map(this::health)
                .filter(said -> said.state() == ProviderHealth.State.FAILING)
                .map(ProviderHealth::detail);
    }

    private ProviderHealth health(CronScheduler provider) {
        Guard.Answer<ProviderHealth> health =
                guard.call("provider-health", loader(provider), Guard.QUICK, provider::health);
        return health.value()
                .orElseGet(() -> ProviderHealth.failing(
                        "asked how it is, it " + health.trouble().orElse("failed")));
    }

    /**
     * Has it take back what it armed outside, for 30 s at most.
     *
     * @return why it did not, a clause
     */
    public Optional<String> disarm() {
        return external().flatMap(provider -> disarm(environment, provider));
    }

    /** The same for a provider that was in use here. */
    static Optional<String> disarm(Environment environment, CronScheduler provider) {
        return new Guard(environment)
                .call("provider-disarm", loader(provider), Reconciler.BOUND, () -> {
                    if (provider.traits().outlivesProcess()) {
                        provider.disarm();
                    }
                    return true;
                })
                .trouble()
                .map(words -> "its disarm " + words);
    }

    /** How it says it is, and what it has armed where it can tell, within five seconds. */
    public ProviderNotes look() {
        Optional<CronScheduler> external = external();
        if (external.isEmpty()) {
            return ProviderNotes.NONE;
        }
        CronScheduler provider = external.get();
        Guard.Answer<Optional<Map<String, Instant>>> armed =
                guard.call("provider-armed", loader(provider), Guard.QUICK, () -> {
                    Optional<ArmedTriggers> triggers = provider.capability(ArmedTriggers.class);
                    return triggers.isPresent() ? Optional.of(triggers.get().armed()) : Optional.empty();
                });
        ProviderHealth said = health(provider); // asked last: it may have found something just now
        Optional<ArmedSet> found = armed.value().flatMap(told -> told).map(ArmedSet::new);
        return new ProviderNotes(
                Optional.of("idle"),
                Optional.of(said.state().name().toLowerCase(Locale.ROOT)),
                Optional.of(said.detail()).filter(text -> !text.isEmpty()),
                armed.trouble().map(words -> "asked what it has armed, it " + words),
                Optional.empty(),
                found.map(ArmedSet::size),
                found.flatMap(set -> set.differenceTo(core.desiredTriggers(), environment.now())));
    }

    /** How many triggers should be armed. */
    public int desired() {
        return core.desiredTriggers().size();
    }
}
