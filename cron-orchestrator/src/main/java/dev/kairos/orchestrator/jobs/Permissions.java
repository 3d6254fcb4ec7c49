package dev.kairos.orchestrator.jobs;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.TrustLevel;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/** What a caller's trust level allows (behaviour.md §8). */
final class Permissions {
    /** The unknown key under which an agent's job names its maker. */
    static final String CREATED_BY = "created_by";

    private final Caller caller;

    Permissions(Caller caller) {
        this.caller = caller;
    }

    /** Refuses fields above the caller's level. */
    void checkFields(Collection<JobField<?>> fields) {
        for (JobField<?> field : fields) {
            if (!caller.level().allows(field.trust())) {
                throw new NotPermittedException(
                        field.key(), "", "only " + who(field.trust()) + " may set it", "leave it out, or ask a person");
            }
        }
    }

    /** Refuses fields above the caller's level in a new job. */
    void checkNew(JobDefinition definition) {
        checkFields(JobField.all().stream()
                .filter(field -> definition.get(field).isPresent())
                .toList());
    }

    /** Refuses an agent that reaches for a job it did not make. */
    void checkOwner(Job job) {
        if (caller.isAgent() && !isOwn(job)) {
            throw new NotPermittedException(
                    "job " + job.id(), "", "an agent may change only the jobs it created", "ask a person to do it");
        }
    }

    /** Refuses an agent that would have too many jobs. */
    void checkCount(List<Job> all, int more) {
        if (!caller.isAgent()) {
            return;
        }
        long own = all.stream().filter(this::isOwn).count();
        if (own + more > JobRules.AGENTS_MOST_JOBS) {
            throw new NotPermittedException(
                    "job",
                    "",
                    "an agent may have at most " + JobRules.AGENTS_MOST_JOBS + " jobs, and this one has " + own,
                    "remove one that is not needed any more");
        }
    }

    /** Marks a new job as an agent's own. */
    JobDefinition marked(JobDefinition definition) {
        return caller.isAgent()
                ? definition.toBuilder().unknown(CREATED_BY, mark()).build()
                : definition;
    }

    private boolean isOwn(Job job) {
        return Objects.equals(job.definition().unknown().get(CREATED_BY), mark());
    }

    private String mark() {
        return "agent:" + caller.name();
    }

    private static String who(TrustLevel level) {
        return level == TrustLevel.OPERATOR ? "a person at the command line" : "the application or a person";
    }
}
