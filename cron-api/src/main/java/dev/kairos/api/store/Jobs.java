package dev.kairos.api.store;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The face of a store that keeps the jobs. Status: experimental since 0.1. */
public interface Jobs {
    /**
     * Adds jobs as they are, version and engine state included, in one transaction, one revision for all. The id of a
     * removed job is free again.
     *
     * @return the ids that were already taken: those jobs were not added, the others were
     */
    List<String> create(List<Job> jobs);

    /** The job with the id. */
    Optional<Job> find(String id);

    /** Which of the ids jobs have. */
    default Set<String> taken(Collection<String> ids) {
        Set<String> taken = new HashSet<>();
        for (String id : ids) {
            find(id).ifPresent(job -> taken.add(job.id()));
        }
        return taken;
    }

    /** All jobs, ordered by id. */
    List<Job> list();

    /**
     * Hands over all jobs, ordered by id, without keeping them: a store of a million is read in bounded memory. One that is
     * created, changed or removed meanwhile is handed over as it is when its turn comes, or not at all.
     *
     * @param reader may call the store
     */
    default void each(Consumer<Job> reader) {
        list().forEach(reader);
    }

    /**
     * The same for whoever copies them: one whose definition cannot be read here comes with the state and the instants that
     * are kept for whoever can read it, and not as {@link Job#forHost}.
     *
     * @param reader may call the store
     */
    default void eachAsKept(Consumer<Job> reader) {
        each(reader);
    }

    /**
     * What moved since a cursor: every job that was created or removed, or about which an amendment wrote anything, by
     * whichever process. None escapes; one that was written while another transaction was running may be named by more
     * than one answer. The cost follows the jobs that moved. A removal is remembered for the next 10,000 removals at
     * least.
     *
     * @param cursor a cursor of an earlier answer, or 0 for everything; {@link Long#MAX_VALUE} asks only for the present
     *     cursor and names no job
     */
    Changes changesSince(long cursor);

    /**
     * The definitions as they stood at a revision, by job id, if that revision is among the last 50 (the present one
     * counts; an empty store's first is 0).
     */
    Optional<Map<String, JobDefinition>> definitionsAt(long revision);
}
