package dev.kairos.builtin;

import dev.kairos.api.DurationText;
import dev.kairos.api.env.Environment;
import dev.kairos.api.job.Misfire;
import dev.kairos.api.job.WorkKind;
import dev.kairos.api.run.JobRunner;
import dev.kairos.api.store.Abilities;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.TagBounds;
import dev.kairos.orchestrator.OrchestratorParts;
import dev.kairos.orchestrator.OrchestratorSettings;
import dev.kairos.orchestrator.PluggedParts;
import dev.kairos.orchestrator.StoreClock;
import dev.kairos.orchestrator.output.KeptOutputs;
import dev.kairos.orchestrator.output.OutputFiles;
import dev.kairos.orchestrator.run.HandlerRunner;
import dev.kairos.orchestrator.run.ScriptRunner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What an orchestrator is assembled from, as builder and configuration say. */
final class NodeParts {
    private final RuntimeBuilder parts;
    private final Configuration configuration;
    private final Deliveries deliveries;
    private final Supplier<PluggedParts> plugged;
    private final List<JobRunner> runners = new ArrayList<>();

    NodeParts(
            RuntimeBuilder parts, Configuration configuration, Deliveries deliveries, Supplier<PluggedParts> plugged) {
        this.parts = parts;
        this.deliveries = deliveries;
        this.plugged = plugged;
        this.configuration = configuration;
        addUnlessGiven(new ScriptRunner(parts.variables()));
        addUnlessGiven(new HandlerRunner(parts.handlers));
        runners.addAll(parts.runners);
    }

    private void addUnlessGiven(JobRunner standard) {
        if (parts.runners.stream().noneMatch(given -> given.kind().equals(standard.kind()))) {
            runners.add(standard);
        }
    }

    OrchestratorParts assemble(StoreClock clock, JobStore store, Path home, Supplier<Abilities> abilities) {
        Environment environment = clock.environment();
        OrchestratorParts.Builder builder = OrchestratorParts.builder(clock.machine(), store, home)
                .clock(clock)
                .outputs(new KeptOutputs(environment, new OutputFiles(environment, home), store, KeptOutputs.KEPT))
                .composer(new CurrentWording(deliveries))
                .plugged(plugged)
                .userFolder(Path.of(parts.variables().getOrDefault("HOME", "/")))
                .settings(settings())
                .abilities(abilities);
        runners.forEach(builder::runner);
        new AgentParts(parts, configuration, deliveries)
                .late(environment, store, home)
                .ifPresent(builder::runner);
        deliveries.own().forEach(builder::channel);
        parts.listeners.forEach(builder::listener);
        parts.classifiers.forEach(builder::classifier);
        return builder.build();
    }

    /** One ability for each kind of work, one for each handler, and each of them with what the node's tags add. */
    Abilities abilities() {
        Set<String> names = new HashSet<>();
        String handler = WorkKind.HANDLER.word();
        for (JobRunner runner : runners) {
            if (!runner.kind().equals(handler)) {
                names.add(runner.kind());
            }
        }
        if (new AgentParts(parts, configuration, deliveries).hasModels()) {
            names.add(AgentParts.KIND);
        }
        plugged.get().runners().forEach(runner -> names.add(runner.kind()));
        parts.handlers.keySet().forEach(name -> names.add(handler + ":" + name));
        return new Abilities(names)
                .with(configuration.getLenient(ConfigKey.NODE_TAGS).orElse(List.of()));
    }

    private OrchestratorSettings settings() {
        OrchestratorSettings.Builder settings = OrchestratorSettings.builder()
                .maxParallelJobs(configuration
                        .getLenient(ConfigKey.MAX_PARALLEL_JOBS)
                        .map(Math::toIntExact)
                        .orElseGet(() -> Runtime.getRuntime().availableProcessors() * 4))
                .tagBounds(new TagBounds(
                        configuration.getLenient(ConfigKey.TAG_LIMITS).orElse(Map.of())))
                .misfire(misfire())
                .retryBackoff(
                        configuration.getLenient(ConfigKey.RETRY_BACKOFF).orElseThrow(),
                        configuration.getLenient(ConfigKey.RETRY_MAX_BACKOFF).orElseThrow())
                .deliveryBackoff(configuration
                        .getLenient(ConfigKey.DELIVERY_RETRY_BACKOFF)
                        .orElseThrow())
                .ledger(
                        configuration.getLenient(ConfigKey.LEDGER_KEEP).orElseThrow(),
                        Math.toIntExact(configuration
                                .getLenient(ConfigKey.LEDGER_MAX_PER_JOB)
                                .orElseThrow()));
        configuration.getLenient(ConfigKey.MAX_RETRIES).map(Math::toIntExact).ifPresent(settings::maxRetries);
        return settings.build();
    }

    private Misfire misfire() {
        String policy = configuration.getLenient(ConfigKey.MISFIRE_POLICY).orElseThrow();
        String grace = configuration.getLenient(ConfigKey.MISFIRE_GRACE).orElse("auto");
        Optional<Duration> bound = grace.equals("auto")
                ? Optional.empty()
                : Optional.of(DurationText.parse(ConfigKey.MISFIRE_GRACE.path(), grace));
        return new Misfire(Misfire.Policy.valueOf(policy.toUpperCase(Locale.ROOT)), bound);
    }
}
