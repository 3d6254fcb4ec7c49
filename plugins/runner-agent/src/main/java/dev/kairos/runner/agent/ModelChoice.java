package dev.kairos.runner.agent;

import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which model entries a job may use, the preferred one first. A job that pins its model or its provider has exactly one,
 * and never falls back to another; any other takes the standard one and then the chain of {@code agent.fallback}.
 */
final class ModelChoice {
    private ModelChoice() {}

    static List<ModelEntry> of(JobDefinition job, AgentSettings settings) throws Blocked {
        if (settings.names().isEmpty()) {
            throw new Blocked(
                    "config",
                    "no model is configured: add one under agent.models in config.yaml, below a name of its own, such as main;"
                            + " see docs/agents.md");
        }
        Optional<String> model = text(job.get(JobField.MODEL));
        Optional<String> provider = text(job.get(JobField.MODEL_PROVIDER));
        return model.isEmpty() && provider.isEmpty() ? chain(settings) : List.of(pinned(model, provider, settings));
    }

    private static Optional<String> text(Optional<String> given) {
        return given.map(String::strip).filter(text -> !text.isEmpty());
    }

    private static List<ModelEntry> chain(AgentSettings settings) throws Blocked {
        String standard = settings.standard()
                .orElseThrow(() -> new Blocked(
                        "config",
                        "nothing says which model is the standard one: set agent.default to one of "
                                + String.join(", ", settings.names()) + ", or pin the job's model"));
        Map<String, ModelEntry> chain = new LinkedHashMap<>();
        chain.put(standard, entry(standard, "agent.default", settings));
        for (String name : settings.fallback()) {
            chain.putIfAbsent(name, entry(name, "agent.fallback", settings));
        }
        return new ArrayList<>(chain.values());
    }

    private static ModelEntry entry(String name, String where, AgentSettings settings) throws Blocked {
        return settings.entry(name)
                .orElseThrow(() -> new Blocked(
                        "config",
                        where + " names the model entry \"" + name + "\", and agent.models has only "
                                + String.join(", ", settings.names()) + ": correct the one or add the other"));
    }

    private static ModelEntry pinned(Optional<String> model, Optional<String> provider, AgentSettings settings)
            throws Blocked {
        if (provider.isPresent()) {
            ModelEntry entry = settings.entry(provider.get())
                    .or(() -> settings.entries().stream()
                            .filter(other -> other.way().word().equalsIgnoreCase(provider.get()))
                            .findFirst())
                    .orElseThrow(() -> unknown("provider", provider.get(), settings));
            return model.map(entry::withModel).orElse(entry);
        }
        String wanted = model.orElseThrow();
        return settings.entry(wanted)
                .or(() -> settings.entries().stream()
                        .filter(entry -> entry.model().equals(wanted))
                        .findFirst())
                .orElseThrow(() -> unknown("model", wanted, settings));
    }

    private static Blocked unknown(String field, String value, AgentSettings settings) {
        return new Blocked(
                "config",
                "the job's " + field + " is \"" + value + "\", which is neither the name nor the " + field
                        + " of an entry of agent.models (" + String.join(", ", settings.names())
                        + "): correct the job, or add the entry");
    }
}
