package dev.kairos.orchestrator.jobs;

import dev.kairos.api.job.JobField;

/** A field's value as people write it. */
final class FieldText {
    private FieldText() {}

    static <T> String of(JobField<T> field, T value) {
        return String.valueOf(field.write(value));
    }
}
