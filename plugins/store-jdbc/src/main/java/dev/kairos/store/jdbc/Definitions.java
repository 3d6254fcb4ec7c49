package dev.kairos.store.jdbc;

import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Parsed definitions by job and revision, so that a job's tree is read once per edit. One that cannot be read here has a
 * fault and stops nobody else's. Thread-safe.
 */
final class Definitions {
    private static final int MOST = 50_000;
    private static final int MOST_FAULTY = 500;

    /** Names one definition of one job for ever. */
    record Key(String jobId, long since) {
        /** Written out: what the language makes of a record is linked anew at each start of the command. */
        @Override
        public boolean equals(Object other) {
            return other instanceof Key that && since == that.since && jobId.equals(that.jobId);
        }

        @Override
        public int hashCode() {
            return 31 * jobId.hashCode() + Long.hashCode(since);
        }
    }

    private final Map<Key, JobDefinition> parsed = new ConcurrentHashMap<>();
    private final Set<Key> faulty = ConcurrentHashMap.newKeySet();

    @Nullable
    JobDefinition known(Key key) {
        return parsed.get(key);
    }

    JobDefinition parse(Key key, String body) {
        JobDefinition definition = look(key, body);
        if (parsed.size() >= MOST) {
            parsed.clear();
        }
        parsed.put(key, definition);
        return definition;
    }

    /** The same without keeping it. */
    JobDefinition look(Key key, String body) {
        JobDefinition definition = JobDefinition.fromStore(tree(body));
        if (definition.fault().isEmpty()) {
            faulty.remove(key);
        } else if (faulty.size() < MOST_FAULTY) {
            faulty.add(key);
        }
        return definition;
    }

    /** A text that is no tree stands where the schedule would, so that the job has a fault. */
    private static Map<String, Object> tree(String body) {
        try {
            return JsonTree.object(body);
        } catch (IllegalStateException e) {
            return Map.of(JobField.SCHEDULE.key(), body);
        }
    }

    /** Those met so far that cannot be read here: their jobs are not looked for among the due. */
    Set<Key> faulty() {
        return Set.copyOf(faulty);
    }

    void forget(Key key) {
        parsed.remove(key);
        faulty.remove(key);
    }
}
