package dev.kairos.api.job;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fields in order; filled while {@link JobField} is initialised and read-only afterwards. */
final class Catalogue {
    private final Map<String, JobField<?>> byKey = new LinkedHashMap<>();

    <T> JobField<T> add(JobField<T> field) {
        if (byKey.put(field.key(), field) != null) {
            throw new IllegalStateException("two fields with the key " + field.key());
        }
        return field;
    }

    List<JobField<?>> fields() {
        return new ArrayList<>(byKey.values());
    }

    Optional<JobField<?>> find(String key) {
        return Optional.ofNullable(byKey.get(key));
    }
}
