package dev.kairos.builtin;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.env.Environment;
import dev.kairos.api.store.JobStore;
import dev.kairos.builtin.plugin.Plugins;
import dev.kairos.orchestrator.PlainWords;
import dev.kairos.orchestrator.StoreClock;
import dev.kairos.orchestrator.jobs.JobOperations;
import dev.kairos.orchestrator.jobs.JobRules;
import dev.kairos.orchestrator.mirror.JobsMirror;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Optional;

/**
 * What a runtime is made of, opened in the order in which each part needs the others: the home folder, the configuration,
 * the plug-ins, the store with its clock. Belongs to one runtime, which closes it.
 */
final class Assembly {
    private final RuntimeBuilder parts;
    private final Path home;
    private final Configuration configuration;
    private final Plugins plugins;
    private final boolean isStoreOurs;
    private final JobStore store;
    private final StoreClock clock;
    private final Deliveries deliveries;

    /**
     * Opens all of it, or nothing.
     *
     * @throws InvalidInputException if the home folder cannot be made, or a setting without which nothing can be opened is wrong
     * @throws dev.kairos.api.store.StoreException if the store cannot be opened
     */
    static Assembly of(RuntimeBuilder parts) {
        Environment machine = parts.environmentOrMachine();
        Path home = parts.homeOrStandard();
        makeHome(machine, home);
        Configuration configuration = parts.configurationOf(home, machine);
        Plugins plugins = PluggedHome.of(machine, home, configuration, parts);
        JobStore store;
        try {
            store = parts.givenStore()
                    .orElseGet(() -> parts.isStoreLeftAsItIs
                            ? StoreOpener.openAsItIs(configuration, home, machine, () -> plugins)
                            : StoreOpener.open(configuration, home, machine, () -> plugins));
        } catch (RuntimeException | Error trouble) {
            plugins.close();
            throw trouble;
        }
        try {
            return new Assembly(parts, home, configuration, plugins, store);
        } catch (RuntimeException | Error trouble) {
            close(parts.givenStore().isEmpty(), store, plugins);
            throw trouble;
        }
    }

    private Assembly(RuntimeBuilder parts, Path home, Configuration configuration, Plugins plugins, JobStore store) {
        this.parts = parts;
        this.home = home;
        this.configuration = configuration;
        this.plugins = plugins;
        this.store = store;
        this.isStoreOurs = parts.givenStore().isEmpty();
        this.clock =
                new StoreClock(parts.environmentOrMachine(), () -> store.nodes().clock());
        clock.measure();
        Environment environment = clock.environment();
        this.deliveries = new Deliveries(parts, configuration, environment, plugins::parts);
        plugins.openFactoriesWith(
                new FactoriesHost(configuration, parts.variables(), environment, store, home, deliveries));
    }

    private static void makeHome(Environment environment, Path home) {
        try {
            environment.files().createFolder(home);
        } catch (IOException e) {
            throw new InvalidInputException(
                    "home",
                    home.toString(),
                    "the home folder cannot be made (" + PlainWords.of(e) + ")",
                    "name a folder this user may write to, with --home or KAIROS_HOME");
        }
    }

    Path home() {
        return home;
    }

    Configuration configuration() {
        return configuration;
    }

    Plugins plugins() {
        return plugins;
    }

    JobStore store() {
        return store;
    }

    /** Its environment is the one to use: where the store has a clock of its own, the wall clock is that one. */
    StoreClock clock() {
        return clock;
    }

    Deliveries deliveries() {
        return deliveries;
    }

    /** What jobs must keep to be accepted from the builder's caller. */
    JobRules rules() {
        JobRules rules =
                JobRules.of(parts.caller).withScripts(home.resolve("scripts")).withTargets(deliveries.check());
        AgentParts agentParts = new AgentParts(parts, configuration, deliveries);
        JobRules complete = agentParts
                .given()
                .or(() -> agentParts.late(clock.environment(), store, home))
                .map(agents -> rules.withWork(new WorkCheck(agents)))
                .orElse(rules);
        return configuration
                .getLenient(ConfigKey.TIMEZONE)
                .map(ZoneId::of)
                .map(complete::withZone)
                .orElse(complete);
    }

    /** The keeper of cron/jobs.json; empty where it is off. */
    Optional<MirrorKeeper> mirror(JobOperations jobs) {
        if (!isMirrored()) {
            return Optional.empty();
        }
        Path file = home.resolve("cron").resolve("jobs.json");
        Environment environment = clock.environment();
        return Optional.of(new MirrorKeeper(new JobsMirror(store, environment, file, jobs), environment));
    }

    /** On by default for SQLite; whoever gives a store of their own keeps its mirror too. */
    private boolean isMirrored() {
        boolean isLocalDatabase =
                configuration.get(ConfigKey.STORE_URL).orElse("").strip().startsWith("jdbc:sqlite:");
        return isStoreOurs
                && !parts.isMirrorLeftAlone
                && configuration.getLenient(ConfigKey.JOBS_FILE).orElse(isLocalDatabase);
    }

    /** Closes the store unless it was given, and the plug-ins last: the store may be one of theirs. */
    void close() {
        close(isStoreOurs, store, plugins);
    }

    private static void close(boolean isStoreOurs, JobStore store, Plugins plugins) {
        try {
            if (isStoreOurs) {
                store.close();
            }
        } finally {
            plugins.close();
        }
    }
}
