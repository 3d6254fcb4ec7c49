package dev.kairos.orchestrator.mirror;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.orchestrator.jobs.Digests;
import dev.kairos.orchestrator.jobs.SetAside;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one file leniently (behaviour.md §2). What follows from a content, such as the id of a record that
 * has none, is the same at each reading.
 */
final class RecordReader {
    /** Keys whose blank text means that the field is not set. */
    private static final Set<JobField<?>> BLANK_IS_UNSET = Set.of(
            JobField.NAME,
            JobField.PROMPT,
            JobField.SCRIPT,
            JobField.HANDLER,
            JobField.WORKDIR,
            JobField.MODEL,
            JobField.MODEL_PROVIDER,
            JobField.PAUSED_REASON,
            JobField.TIMEOUT,
            JobField.IDLE_TIMEOUT,
            JobField.JITTER);

    private static final Set<String> WITHOUT_END = Set.of("", "forever", "unlimited", "infinite", "always", "none");

    private final ScheduleReading schedules;
    private final Map<String, String> digestOfId = new HashMap<>();
    private final List<String> warnings = new ArrayList<>();

    RecordReader(ScheduleReading schedules) {
        this.schedules = schedules;
    }

    List<String> warnings() {
        return warnings;
    }

    /**
     * Reads one record; empty if it is the same job once more.
     *
     * @param place where it stands, for messages
     * @param key its key in an id-keyed map
     */
    Optional<FileRecord> read(String place, Optional<String> key, @Nullable Object given) {
        if (!(given instanceof Map<?, ?> map)) {
            Map<String, @Nullable Object> held = new LinkedHashMap<>();
            held.put(FileRecord.NO_OBJECT, given);
            String id = Digests.jobIdOf("record:" + Digests.of(held));
            return register(id, place, held)
                    .map(free -> new FileRecord(free, held, Optional.empty(), "the record is not an object"));
        }
        Map<String, @Nullable Object> raw = new LinkedHashMap<>();
        map.forEach((name, value) -> raw.put(String.valueOf(name), value));
        Optional<String> id = register(idOf(place, key, raw), place, raw);
        if (id.isEmpty()) {
            return Optional.empty();
        }
        try {
            JobDefinition definition = definition(raw);
            schedules.takeWarnings().forEach(text -> warnings.add(place + ": " + text + "."));
            return Optional.of(new FileRecord(id.get(), raw, Optional.of(definition), ""));
        } catch (InvalidInputException e) {
            schedules.takeWarnings(); // the record is kept as it came
            return Optional.of(new FileRecord(id.get(), raw, Optional.empty(), FileRecord.faultOf(e)));
        }
    }

    private String idOf(String place, Optional<String> key, Map<String, @Nullable Object> raw) {
        Object stated = raw.get("id");
        String id = stated == null ? key.orElse("") : String.valueOf(stated);
        if (Job.isLegalId(id)) {
            return id;
        }
        // from the id alone, where there is one: a record that is mended stays the same job
        String issued = Digests.jobIdOf("record:" + (id.isEmpty() ? Digests.of(raw) : id));
        warnings.add(place + (id.isEmpty() ? ": the job has no id" : ": \"" + shown(id) + "\" cannot be an id")
                + "; it is now " + issued + ".");
        return issued;
    }

    /** The id, another one where two different jobs have it, nothing where the same job stands twice. */
    private Optional<String> register(String id, String place, Map<String, @Nullable Object> raw) {
        String digest = Digests.of(raw);
        String other = digestOfId.putIfAbsent(id, digest);
        if (other == null) {
            return Optional.of(id);
        }
        if (other.equals(digest)) {
            warnings.add(place + ": the job " + id + " stands twice; one of them counts.");
            return Optional.empty();
        }
        String issued = Digests.jobIdOf("again:" + id + digest);
        warnings.add(place + ": another job has the id " + id + "; this one is now " + issued + ".");
        return digestOfId.putIfAbsent(issued, digest) == null ? Optional.of(issued) : Optional.empty();
    }

    /** What a record says that cannot be read, in the form in which the store keeps such a definition. */
    static JobDefinition asStored(Map<String, @Nullable Object> raw, ZoneId zone) {
        JobDefinition definition = JobDefinition.fromStore(tree(raw, zone));
        return definition.isEnabled()
                ? definition.toBuilder().clear(JobField.ENABLED).build()
                : definition;
    }

    private JobDefinition definition(Map<String, @Nullable Object> raw) {
        Map<String, @Nullable Object> tree = tree(raw, schedules.zone());
        Object schedule = tree.remove(JobField.SCHEDULE.key());
        JobDefinition rest = JobDefinition.fromMap(tree);
        JobDefinition.Builder definition = rest.toBuilder().set(JobField.SCHEDULE, schedules.read(schedule, raw));
        if (rest.isEnabled()) {
            definition.clear(JobField.ENABLED);
        }
        return definition.build();
    }

    /** The record's fields under our keys and in our forms; the schedule as it came. */
    private static Map<String, @Nullable Object> tree(Map<String, @Nullable Object> raw, ZoneId zone) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>(raw);
        tree.keySet().removeAll(EngineFields.KEYS);
        tree.keySet().removeAll(SetAside.KEYS);
        Object skill = tree.remove("skill");
        if (skill != null && (tree.get("skills") == null || List.of().equals(tree.get("skills")))) {
            tree.put("skills", skill instanceof List ? skill : List.of(skill));
        }
        BLANK_IS_UNSET.forEach(field -> {
            if (tree.get(field.key()) instanceof String text && text.isBlank()) {
                tree.remove(field.key());
            }
        });
        for (JobField<?> field : List.of(JobField.CREATED_AT, JobField.UPDATED_AT, JobField.PAUSED_AT)) {
            Object instant = tree.remove(field.key());
            LooseInstant.read(instant, zone).ifPresent(at -> tree.put(field.key(), at.toString()));
        }
        timesOnly(tree);
        return tree;
    }

    /** Of {@code repeat}, only how many times; null, nothing and words for "without end" mean that it is not set. */
    private static void timesOnly(Map<String, @Nullable Object> tree) {
        Object repeat = tree.remove(JobField.REPEAT.key());
        Object times = repeat instanceof Map<?, ?> map ? map.get("times") : repeat;
        boolean isEndless = times == null
                || times instanceof String word
                        && WITHOUT_END.contains(word.strip().toLowerCase(Locale.ROOT));
        if (times instanceof String word && word.strip().equalsIgnoreCase("once")) {
            tree.put(JobField.REPEAT.key(), 1);
        } else if (!isEndless) {
            tree.put(JobField.REPEAT.key(), times);
        }
    }

    private static String shown(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }
}
