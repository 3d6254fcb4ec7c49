package dev.kairos.api.store;

import dev.kairos.api.job.JobDefinition;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * How many executions of jobs with a tag may be owned at the same time, over all nodes of a store that ask with the same
 * bounds.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param most by tag, each at least 1
 */
public record TagBounds(Map<String, Integer> most) {
    /** No bound. */
    public static final TagBounds NONE = new TagBounds(Map.of());

    public TagBounds {
        most = Map.copyOf(most);
        most.forEach((tag, bound) -> {
            if (bound < 1) {
                throw new IllegalArgumentException("tag " + tag + " may never run: " + bound);
            }
        });
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return most.isEmpty();
    }

    /** The job's tags that have a bound, in alphabetical order. */
    public Set<String> of(JobDefinition definition) {
        if (most.isEmpty()) {
            return Set.of();
        }
        Set<String> bounded = new TreeSet<>(definition.tags());
        bounded.retainAll(most.keySet());
        return bounded;
    }

    /** A count that begins at nothing. Not thread-safe. */
    public Count count() {
        return new Count();
    }

    /** How many are owned. */
    public final class Count {
        private final Map<String, Integer> owned = new HashMap<>();

        private Count() {}

        /** So many more of the job's executions are owned. */
        public void add(JobDefinition definition, int executions) {
            of(definition).forEach(tag -> owned.merge(tag, executions, Integer::sum));
        }

        /** Whether one more execution of the job keeps every bound. */
        public boolean admits(JobDefinition definition) {
            return of(definition).stream().allMatch(tag -> owned.getOrDefault(tag, 0) < most.getOrDefault(tag, 0));
        }
    }
}
