package dev.kairos.api.store;

import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.WorkKind;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * What a node can run. A job needs exactly one ability: {@code script}, {@code agent}, or {@code handler:NAME}, with {@code
 * needs-WORD} behind it, apart by a space, if it has that tag.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param names the abilities
 */
public record Abilities(Set<String> names) {
    /** A tag that begins so names what the job's node must have. */
    public static final String NEEDS = "needs-";

    public Abilities {
        names = Set.copyOf(names);
    }

    /** The ability that a job needs. */
    public static String neededBy(JobDefinition definition) {
        WorkKind kind = definition.workKind();
        String work = kind == WorkKind.HANDLER ? kind.word() + ":" + definition.get(JobField.HANDLER, "") : kind.word();
        return definition.tags().stream()
                .filter(tag -> tag.startsWith(NEEDS))
                .findFirst()
                .map(tag -> work + " " + tag)
                .orElse(work);
    }

    /** These abilities, also for jobs that need one of the words. */
    public Abilities with(Collection<String> words) {
        Set<String> all = new HashSet<>(names);
        names.forEach(name -> words.forEach(word -> all.add(name + " " + NEEDS + word)));
        return new Abilities(all);
    }

    /** Whether a node with these abilities can run the job. */
    public boolean include(JobDefinition definition) {
        return names.contains(neededBy(definition));
    }
}
