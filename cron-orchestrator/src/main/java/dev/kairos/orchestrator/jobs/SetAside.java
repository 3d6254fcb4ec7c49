package dev.kairos.orchestrator.jobs;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.JobState;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A job whose record cannot be read: kept as it came, shown in state {@code error} with the reason, and never due. An edit
 * that makes it acceptable ends this.
 *
 * <p>Status: internal.
 */
public final class SetAside {
    /** The unknown key that carries the record and the reason. */
    public static final String KEY = "set_aside";

    private SetAside() {}

    /**
     * A job for a record that cannot be accepted: what can be read of it but the schedule, so that nothing of it can be due,
     * and the whole record beside it.
     */
    public static Job job(String id, Map<String, ?> record, String reason) {
        JobDefinition.Builder readable = JobDefinition.builder();
        record.forEach((key, value) -> {
            if (value != null && !key.equals(JobField.SCHEDULE.key())) {
                JobField.byKey(key).ifPresent(field -> readIfPossible(readable, field, value));
            }
        });
        Map<String, Object> kept = new LinkedHashMap<>();
        kept.put("reason", reason);
        kept.put("record", new LinkedHashMap<>(record));
        EngineState error =
                EngineState.fresh().toBuilder().state(JobState.ERROR).build();
        return new Job(id, readable.unknown(KEY, kept).build(), 1, error);
    }

    private static <T> void readIfPossible(JobDefinition.Builder readable, JobField<T> field, Object value) {
        try {
            readable.setRaw(field, value);
        } catch (InvalidInputException e) {
            // it stays in the kept record, and the reason names the first of them
        }
    }

    /** Why the job is set aside, or why this process cannot read what the store has of it; empty for an ordinary one. */
    public static Optional<String> reason(JobDefinition definition) {
        return kept(definition).map(kept -> String.valueOf(kept.get("reason"))).or(definition::fault);
    }

    /** The record as it came; empty for an ordinary job. */
    @SuppressWarnings("unchecked") // a plain tree has texts as keys
    public static Optional<Map<String, Object>> record(JobDefinition definition) {
        return kept(definition)
                .filter(kept -> kept.get("record") instanceof Map)
                .map(kept -> (Map<String, Object>) kept.get("record"));
    }

    private static Optional<Map<?, ?>> kept(JobDefinition definition) {
        return Optional.ofNullable(definition.unknown().get(KEY))
                .filter(Map.class::isInstance)
                .map(kept -> (Map<?, ?>) kept);
    }

    /** The definition without the mark. */
    static JobDefinition cleared(JobDefinition definition) {
        if (kept(definition).isEmpty()) {
            return definition;
        }
        Map<String, Object> tree = new LinkedHashMap<>(definition.toMap());
        tree.remove(KEY);
        return JobDefinition.fromMap(tree);
    }
}
