package dev.kairos.api.store;

import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.WorkKind;
import java.util.Set;

/**
 * What a node can run. A job needs exactly one ability: {@code script}, {@code agent}, or {@code handler:NAME}.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param names the abilities
 */
public record Abilities(Set<String> names) {
    public Abilities {
        names = Set.copyOf(names);
    }

    /** The ability that a job needs. */
    public static String neededBy(JobDefinition definition) {
        WorkKind kind = definition.workKind();
        return kind == WorkKind.HANDLER ? kind.word() + ":" + definition.get(JobField.HANDLER, "") : kind.word();
    }

    /** Whether a node with these abilities can run the job. */
    public boolean include(JobDefinition definition) {
        return names.contains(neededBy(definition));
    }
}
