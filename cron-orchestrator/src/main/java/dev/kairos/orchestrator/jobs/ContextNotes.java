package dev.kairos.orchestrator.jobs;

import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.store.JobStore;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What to tell a person about jobs to read from that are not there; they may still come. */
final class ContextNotes {
    private final Set<String> known;

    private ContextNotes(Set<String> known) {
        this.known = known;
    }

    /** Looks once for whatever the definitions name; not at all where they name nothing. */
    static ContextNotes about(Collection<JobDefinition> definitions, JobStore store) {
        Set<String> named = new LinkedHashSet<>();
        definitions.forEach(definition -> named.addAll(sources(definition)));
        return new ContextNotes(named.isEmpty() ? Set.of() : store.jobs().taken(named));
    }

    /** A sentence for each job that is not there. */
    List<String> of(JobDefinition definition) {
        return sources(definition).stream()
                .distinct()
                .filter(id -> !known.contains(id))
                .map(id -> "No job has the id " + id + " now; context_from reads nothing from it until one has.")
                .toList();
    }

    private static List<String> sources(JobDefinition definition) {
        return definition.get(JobField.CONTEXT_FROM, List.of());
    }
}
