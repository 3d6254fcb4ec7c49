package dev.kairos.orchestrator.mirror;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.orchestrator.jobs.Digests;
import dev.kairos.orchestrator.jobs.SetAside;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares and merges definitions field by field; unknown keys are fields like the others. */
final class Trees {
    /** Fields that the system keeps, which a file's word does not change. */
    private static final Set<String> KEPT_BY_THE_SYSTEM =
            Set.of(JobField.CREATED_AT.key(), JobField.UPDATED_AT.key(), JobField.PAUSED_AT.key());

    private Trees() {}

    /**
     * What became of a definition that was changed on two sides.
     *
     * @param definition the stored one with the file's changes where the stored side had none
     * @param conflicts the fields that both sides changed differently: the stored value stands
     */
    record Merged(JobDefinition definition, List<String> conflicts) {}

    /**
     * Brings the changes from {@code base} to {@code file} into {@code stored}.
     *
     * @throws InvalidInputException never for trees of definitions
     */
    static Merged merge(JobDefinition base, JobDefinition file, JobDefinition stored) {
        Map<String, Object> before = tree(base);
        Map<String, Object> wanted = tree(file);
        Map<String, Object> merged = new LinkedHashMap<>(stored.toMap());
        List<String> conflicts = new ArrayList<>();
        Set<String> keys = new LinkedHashSet<>(before.keySet());
        keys.addAll(wanted.keySet());
        for (String key : keys) {
            Object now = merged.get(key);
            Object then = wanted.get(key);
            if (isSame(before.get(key), then) || isSame(now, then)) {
                continue;
            }
            if (!isSame(now, before.get(key))) {
                conflicts.add(key);
            } else if (then == null) {
                merged.remove(key);
            } else {
                merged.put(key, then);
            }
        }
        return new Merged(JobDefinition.fromMap(merged), conflicts);
    }

    /** The wanted definition with what the system keeps of the stored one. */
    static JobDefinition replaced(JobDefinition stored, JobDefinition wanted) {
        Map<String, Object> tree = tree(wanted);
        stored.toMap().forEach((key, value) -> {
            if (KEPT_BY_THE_SYSTEM.contains(key)) {
                tree.put(key, value);
            }
        });
        return JobDefinition.fromMap(tree);
    }

    /** Whether two definitions say the same, apart from what the system keeps. */
    static boolean saySame(JobDefinition one, JobDefinition other) {
        return isSame(tree(one), tree(other));
    }

    static boolean isSame(@Nullable Object one, @Nullable Object other) {
        return Digests.of(one).equals(Digests.of(other));
    }

    private static Map<String, Object> tree(JobDefinition definition) {
        Map<String, Object> tree = new LinkedHashMap<>(definition.toMap());
        tree.keySet().removeAll(KEPT_BY_THE_SYSTEM);
        tree.remove(SetAside.DUE_KEY);
        return tree;
    }
}
