package dev.kairos.orchestrator.mirror;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.orchestrator.jobs.SetAside;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The content of a file of jobs.
 *
 * @param storeId the store it was written from, if it says so
 * @param revision the revision of that store, if it says so
 * @param records its jobs, each id once
 * @param extra keys beside the jobs that we do not know, kept through a rewrite
 * @param warnings what was odd and was read nevertheless, each a sentence
 */
record JobsFile(
        Optional<String> storeId,
        OptionalLong revision,
        List<FileRecord> records,
        Map<String, @Nullable Object> extra,
        List<String> warnings) {
    private static final String JOBS = "jobs";
    private static final String STORE_ID = "store_id";
    private static final String REVISION = "revision";
    private static final String UPDATED_AT = "updated_at";
    private static final Set<String> OWN_KEYS = Set.of(JOBS, STORE_ID, REVISION, UPDATED_AT, Seal.KEY);

    /**
     * Reads a file: an object with {@code jobs}, a bare list, or an object of jobs by id.
     *
     * @param where the file's name, for messages
     * @throws DamagedFileException if it is none of them
     */
    static JobsFile read(String where, byte[] bytes, ScheduleReading schedules) {
        JsonText json = new JsonText(where);
        Object tree = json.read(bytes);
        Map<?, ?> root = tree instanceof Map<?, ?> map ? map : Map.of();
        Object jobs = tree;
        if (root.containsKey(JOBS)) {
            jobs = root.get(JOBS);
        } else if (OWN_KEYS.stream().anyMatch(root::containsKey)) {
            jobs = null;
        }
        RecordReader reader = new RecordReader(schedules);
        List<FileRecord> records = new ArrayList<>();
        if (jobs instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                reader.read(where + ", job " + (i + 1), Optional.empty(), list.get(i))
                        .ifPresent(records::add);
            }
        } else if (jobs instanceof Map<?, ?> map) {
            map.forEach((key, value) -> reader.read(where + ", job " + key, Optional.of(String.valueOf(key)), value)
                    .ifPresent(records::add));
        } else {
            throw new DamagedFileException(where, "it holds no list of jobs", "write {\"jobs\": [...]}");
        }
        Map<String, @Nullable Object> extra = new LinkedHashMap<>();
        if (root.containsKey(JOBS)) {
            root.forEach((key, value) -> extra.put(String.valueOf(key), value));
            extra.keySet().removeAll(OWN_KEYS);
        }
        List<String> warnings = new ArrayList<>(json.warnings());
        warnings.addAll(reader.warnings());
        return new JobsFile(text(root.get(STORE_ID)), number(root.get(REVISION)), records, extra, warnings);
    }

    private static Optional<String> text(@Nullable Object value) {
        return value instanceof String text && !text.isBlank() ? Optional.of(text) : Optional.empty();
    }

    private static OptionalLong number(@Nullable Object value) {
        return value instanceof Number number ? OptionalLong.of(number.longValue()) : OptionalLong.empty();
    }

    /** What is known of a file that nobody touched since the store wrote it, without reading its jobs. */
    static JobsFile untouched(Seal seal) {
        return new JobsFile(
                Optional.of(seal.storeId()), OptionalLong.of(seal.revision()), List.of(), Map.of(), List.of());
    }

    /** What the file says of each job, in the form in which the store would keep it. */
    Map<String, JobDefinition> definitions() {
        Map<String, JobDefinition> definitions = new LinkedHashMap<>();
        for (FileRecord record : records) {
            definitions.put(
                    record.id(),
                    record.definition()
                            .orElseGet(() -> SetAside.job(record.id(), record.raw(), record.fault())
                                    .definition()));
        }
        return definitions;
    }

    /** Whether both files name the same revision of the same store. */
    boolean isOfSameRevision(JobsFile other) {
        return revision.isPresent() && storeId.equals(other.storeId) && revision.equals(other.revision);
    }

    /** The head of a file: which store it mirrors, at which revision, and when it was written. */
    record Head(String storeId, long revision, Instant writtenAt, Map<String, @Nullable Object> extra) {}

    private static boolean isSetAside(Job job) {
        return SetAside.record(job.definition()).isPresent();
    }

    /** The file's bytes; records that cannot be read stand last, as they came, so that no other loses its id to them. */
    static byte[] write(Head head, Collection<Job> jobs) {
        Map<String, @Nullable Object> root = new LinkedHashMap<>();
        List<Job> readable = jobs.stream().filter(job -> !isSetAside(job)).toList();
        List<Job> setAside = jobs.stream().filter(JobsFile::isSetAside).toList();
        List<@Nullable Object> records = new ArrayList<>();
        readable.forEach(job -> records.add(record(job)));
        setAside.forEach(job -> records.add(record(job)));
        root.put(JOBS, records);
        root.putAll(head.extra());
        root.put(STORE_ID, head.storeId());
        root.put(REVISION, head.revision());
        root.put(UPDATED_AT, head.writtenAt().toString());
        return Seal.put(JsonText.write(root));
    }

    private static @Nullable Object record(Job job) {
        Optional<Map<String, Object>> asItCame = SetAside.record(job.definition());
        if (asItCame.isPresent()) {
            Map<String, Object> raw = asItCame.get();
            return raw.keySet().equals(Set.of(FileRecord.NO_OBJECT)) ? raw.get(FileRecord.NO_OBJECT) : raw;
        }
        Map<String, @Nullable Object> record = new LinkedHashMap<>();
        record.put("id", job.id());
        Map<String, Object> definition = job.definition().toMap();
        for (JobField<?> field : JobField.all()) {
            if (field == JobField.REPEAT) {
                Map<String, @Nullable Object> repeat = new LinkedHashMap<>();
                repeat.put("times", job.definition().get(JobField.REPEAT).orElse(null));
                repeat.put("completed", job.engine().completedCount());
                record.put(field.key(), repeat);
            } else if (field == JobField.ENABLED) {
                record.put(field.key(), job.definition().isEnabled());
            } else if (definition.containsKey(field.key())) {
                record.put(field.key(), definition.get(field.key()));
            }
        }
        record.put("version", job.version());
        definition.forEach(record::putIfAbsent);
        EngineFields.write(job, record);
        return record;
    }
}
