package dev.kairos.orchestrator.jobs;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Changes to a job's definition: fields set, fields cleared, and the version they were decided on. Immutable.
 *
 * <p>Status: experimental since 0.1.
 */
public final class JobEdit {
    /** Fields that only the system sets. */
    private static final Set<JobField<?>> KEPT_BY_THE_SYSTEM =
            Set.of(JobField.CREATED_AT, JobField.UPDATED_AT, JobField.PAUSED_AT);

    private final Map<JobField<?>, Optional<Object>> changes;
    private final OptionalLong expectedVersion;

    private JobEdit(Builder builder) {
        changes = new LinkedHashMap<>(builder.changes);
        expectedVersion = builder.expectedVersion;
    }

    /** An empty builder. */
    public static Builder builder() {
        return new Builder();
    }

    /** The fields that are set or cleared. */
    public Set<JobField<?>> fields() {
        return new LinkedHashSet<>(changes.keySet());
    }

    /** The version the job must have; empty if any will do. */
    public OptionalLong expectedVersion() {
        return expectedVersion;
    }

    /** Whether nothing is to be changed. */
    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /** The definition with the changes made. */
    public JobDefinition applyTo(JobDefinition definition) {
        JobDefinition.Builder edited = definition.toBuilder();
        changes.forEach((field, value) -> {
            if (value.isPresent()) {
                put(edited, field, value.get());
            } else {
                edited.clear(field);
            }
        });
        return edited.build();
    }

    @SuppressWarnings("unchecked") // the builder takes under a field only values of its type
    private static <T> void put(JobDefinition.Builder edited, JobField<T> field, Object value) {
        edited.set(field, (T) value);
    }

    /** Collects changes. Not thread-safe. */
    public static final class Builder {
        private final Map<JobField<?>, Optional<Object>> changes = new LinkedHashMap<>();
        private OptionalLong expectedVersion = OptionalLong.empty();

        private Builder() {}

        /**
         * Sets the field.
         *
         * @throws InvalidInputException if only the system sets it
         */
        public <T> Builder set(JobField<T> field, T value) {
            refuseKept(field);
            changes.put(field, Optional.of(value));
            return this;
        }

        /**
         * Sets the field with the key from a plain tree; null clears it.
         *
         * @throws InvalidInputException if there is no such field, only the system sets it, or the value is not
         *     acceptable
         */
        public Builder setRaw(String key, @Nullable Object raw) {
            JobField<?> field = JobField.byKey(key).orElseThrow(() -> unknown(key));
            return raw == null ? clear(field) : read(field, raw);
        }

        private <T> Builder read(JobField<T> field, Object raw) {
            return set(field, field.read(raw));
        }

        /**
         * Takes the field's value away.
         *
         * @throws InvalidInputException if only the system sets it
         */
        public Builder clear(JobField<?> field) {
            refuseKept(field);
            changes.put(field, Optional.empty());
            return this;
        }

        /** Refuses the edit unless the job still has this version. */
        public Builder expectedVersion(long version) {
            expectedVersion = OptionalLong.of(version);
            return this;
        }

        /** The edit. */
        public JobEdit build() {
            return new JobEdit(this);
        }

        private static void refuseKept(JobField<?> field) {
            if (KEPT_BY_THE_SYSTEM.contains(field)) {
                throw new InvalidInputException(
                        field.key(), "", "only the system sets this field", "leave it out of the edit");
            }
        }

        private static InvalidInputException unknown(String key) {
            return new InvalidInputException(
                    Shown.text(key),
                    "",
                    "a job has no such field",
                    "use one of: " + JobField.all().stream().map(JobField::key).collect(Collectors.joining(", ")));
        }
    }
}
