package dev.kairos.store.jdbc;

import dev.kairos.api.job.JobDefinition;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Parsed definitions by job and revision, so that a job's tree is read once per edit. Thread-safe. */
final class Definitions {
    private static final int MOST = 50_000;

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

    @Nullable
    JobDefinition known(Key key) {
        return parsed.get(key);
    }

    JobDefinition parse(Key key, String body) {
        JobDefinition definition = JobDefinition.fromMap(JsonTree.object(body));
        if (parsed.size() >= MOST) {
            parsed.clear();
        }
        parsed.put(key, definition);
        return definition;
    }

    void forget(Key key) {
        parsed.remove(key);
    }
}
