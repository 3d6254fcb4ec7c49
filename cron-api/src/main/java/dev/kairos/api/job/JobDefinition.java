package dev.kairos.api.job;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.schedule.Schedule;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a person declared: the values of the {@link JobField}s that are set, and the fields we do not know, kept as they
 * came. Immutable.
 *
 * <p>Status: experimental since 0.1.
 */
public final class JobDefinition {
    private final Map<JobField<?>, Object> values;
    private final Map<String, Object> unknown;
    private final Map<JobField<?>, Unread> unread;
    private final Optional<String> fault;

    private JobDefinition(Builder from) {
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(from.values));
        this.unknown = Collections.unmodifiableMap(new LinkedHashMap<>(from.unknown));
        this.unread = Collections.unmodifiableMap(new LinkedHashMap<>(from.unread));
        this.fault = unread.values().stream().map(Unread::reason).findFirst();
    }

    /** A stored value that cannot be read here, and why. */
    private record Unread(Object raw, String reason) {}

    /** An empty builder. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads a definition from a plain tree. Absent and null fields stay unset; keys that are no fields are kept as
     * unknown (the reader takes the engine's own keys out beforehand).
     *
     * @throws InvalidInputException for the first value that is not acceptable
     */
    public static JobDefinition fromMap(Map<String, ?> tree) {
        Builder builder = builder();
        tree.forEach((key, value) -> {
            Optional<JobField<?>> field = JobField.byKey(key);
            if (field.isPresent()) {
                if (value != null) {
                    builder.setRaw(field.get(), value);
                }
            } else {
                builder.unknown(key, value);
            }
        });
        return builder.build();
    }

    /**
     * Reads a definition as a store keeps it. A value that cannot be read here, such as a zone that this Java does not
     * know, is kept as it came, unset for whoever asks, and is the definition's {@link #fault}.
     */
    public static JobDefinition fromStore(Map<String, ?> tree) {
        Builder builder = builder();
        tree.forEach((key, value) -> {
            Optional<JobField<?>> field = JobField.byKey(key);
            if (field.isEmpty()) {
                builder.unknown(key, value);
            } else if (value != null) {
                builder.setRawIfReadable(field.get(), value);
            }
        });
        return builder.build();
    }

    /** Why it cannot be acted on: what is wrong with the first value that cannot be read; empty if all can. */
    public Optional<String> fault() {
        return fault;
    }

    /** The canonical plain tree: fields in catalogue order, those that cannot be read as they came, then the unknown ones. */
    public Map<String, Object> toMap() {
        Map<String, Object> tree = new LinkedHashMap<>();
        for (JobField<?> field : JobField.all()) {
            put(tree, field);
        }
        tree.putAll(unknown);
        return tree;
    }

    private <T> void put(Map<String, Object> tree, JobField<T> field) {
        get(field).ifPresent(value -> tree.put(field.key(), field.write(value)));
        Unread kept = unread.get(field);
        if (kept != null) {
            tree.put(field.key(), kept.raw());
        }
    }

    /** The field's value, or empty if it is not set. */
    @SuppressWarnings("unchecked") // the builder puts under a field only values of its type
    public <T> Optional<T> get(JobField<T> field) {
        return Optional.ofNullable((T) values.get(field));
    }

    /** The field's value, or the given one if it is not set. */
    public <T> T get(JobField<T> field, T otherwise) {
        return get(field).orElse(otherwise);
    }

    /** What people call it; empty text if it has no name. */
    public String name() {
        return get(JobField.NAME, "");
    }

    /**
     * When it is due.
     *
     * @throws IllegalStateException if the definition has no schedule (a bad record set aside, or one with a {@link #fault})
     */
    public Schedule schedule() {
        return get(JobField.SCHEDULE).orElseThrow(() -> new IllegalStateException("the job has no schedule"));
    }

    /** Whether it is due at all; false while paused. */
    public boolean isEnabled() {
        return get(JobField.ENABLED, true);
    }

    /** Which kind of work it is. */
    public WorkKind workKind() {
        if (get(JobField.HANDLER).isPresent()) {
            return WorkKind.HANDLER;
        }
        return get(JobField.NO_AGENT, false) ? WorkKind.SCRIPT : WorkKind.AGENT;
    }

    /** Its labels. */
    public List<String> tags() {
        return get(JobField.TAGS, List.of());
    }

    /** The fields we do not know, as they came. */
    public Map<String, Object> unknown() {
        return unknown;
    }

    /** A builder that begins with everything of this definition. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.values.putAll(values);
        builder.unknown.putAll(unknown);
        builder.unread.putAll(unread);
        return builder;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JobDefinition that
                && values.equals(that.values)
                && unknown.equals(that.unknown)
                && unread.equals(that.unread);
    }

    @Override
    public int hashCode() {
        return Objects.hash(values, unknown, unread);
    }

    @Override
    public String toString() {
        return "JobDefinition[" + name() + "]";
    }

    /** Collects values. Not thread-safe. */
    public static final class Builder {
        private final Map<JobField<?>, Object> values = new LinkedHashMap<>();
        private final Map<String, Object> unknown = new LinkedHashMap<>();
        private final Map<JobField<?>, Unread> unread = new LinkedHashMap<>();

        private Builder() {}

        /** Sets the field. */
        public <T> Builder set(JobField<T> field, T value) {
            values.put(field, Objects.requireNonNull(value));
            unread.remove(field);
            return this;
        }

        /**
         * Sets the field from a plain tree.
         *
         * @throws InvalidInputException if the value is not acceptable
         */
        public <T> Builder setRaw(JobField<T> field, Object raw) {
            return set(field, field.read(raw));
        }

        private <T> void setRawIfReadable(JobField<T> field, Object raw) {
            try {
                setRaw(field, raw);
            } catch (RuntimeException e) {
                unread.put(field, new Unread(raw, String.valueOf(e.getMessage())));
            }
        }

        /** Takes the field's value away. */
        public Builder clear(JobField<?> field) {
            values.remove(field);
            unread.remove(field);
            return this;
        }

        /** Keeps a field we do not know. */
        public Builder unknown(String key, @Nullable Object value) {
            if (value != null) {
                unknown.put(key, value);
            }
            return this;
        }

        /** The definition. */
        public JobDefinition build() {
            return new JobDefinition(this);
        }
    }
}
