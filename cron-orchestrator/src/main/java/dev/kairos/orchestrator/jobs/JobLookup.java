package dev.kairos.orchestrator.jobs;

import dev.kairos.api.job.Job;
import dev.kairos.api.store.Jobs;
import java.util.List;
import java.util.Optional;

/**
 * Finds the job that a person means: exact id, then exact name in any case, then a unique prefix of the id of at least four
 * characters. An exact id always means that job; a text that is one job's name and the beginning of another's id is
 * refused.
 */
final class JobLookup {
    private static final int SHORTEST_PREFIX = 4;

    private final Jobs jobs;

    JobLookup(Jobs jobs) {
        this.jobs = jobs;
    }

    Job find(String reference) {
        String text = reference.strip();
        Optional<Job> exact = jobs.find(text);
        if (exact.isPresent()) {
            return exact.get();
        }
        List<Job> fitting = jobs.list().stream().filter(job -> fits(job, text)).toList();
        if (fitting.isEmpty()) {
            throw new JobNotFoundException(text);
        }
        if (fitting.size() > 1) {
            throw new AmbiguousJobException(text, fitting);
        }
        return fitting.get(0);
    }

    private static boolean fits(Job job, String text) {
        return !text.isEmpty()
                && (job.definition().name().equalsIgnoreCase(text)
                        || text.length() >= SHORTEST_PREFIX && job.id().startsWith(text));
    }
}
