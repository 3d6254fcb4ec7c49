package dev.kairos.orchestrator.jobs;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.store.JobStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Jobs that code declares by name at each start. */
final class DefinedJobs {
    /** The unknown key that keeps the digest of what code last stated. */
    static final String DEFINED_AS = "defined_as";

    private final JobOperations operations;
    private final JobStore store;

    DefinedJobs(JobOperations operations, JobStore store) {
        this.operations = operations;
        this.store = store;
    }

    /** What code states: the definition without what the system adds. */
    static Map<String, Object> stated(JobDefinition definition) {
        Map<String, Object> tree = new LinkedHashMap<>(definition.toMap());
        List.of(JobField.CREATED_AT, JobField.UPDATED_AT, JobField.PAUSED_AT)
                .forEach(field -> tree.remove(field.key()));
        tree.remove(DEFINED_AS);
        return tree;
    }

    /**
     * Makes the job, or brings it up to what the code states now. The id follows from the name, so that two processes that
     * start at once make one job. An operator's edit or pause stands until the code's definition changes; then the
     * definition is the code's again.
     *
     * @throws InvalidInputException if it has no name, another job has the name, or it cannot be accepted
     */
    JobChange define(JobDefinition definition, String digest) {
        String name = definition.name();
        if (name.isBlank()) {
            throw new InvalidInputException(
                    "name", "", "a defined job needs a name", "give it one that stays the same");
        }
        Optional<Job> existing = find(name);
        if (existing.isEmpty()) {
            refuseHeldName(name);
            NewJob wanted = new NewJob(
                    Optional.of(idOf(name)),
                    definition.toBuilder().unknown(DEFINED_AS, digest).build(),
                    Optional.empty());
            try {
                return operations.createAll(List.of(wanted)).get(0);
            } catch (InvalidInputException e) {
                existing = find(name);
                if (existing.isEmpty()) {
                    throw e;
                }
            }
        }
        Job job = existing.get();
        if (isStated(job, digest)) {
            return new JobChange(job, false, List.of());
        }
        JobDefinition accepted = operations.accept(definition);
        return operations.decide(job.id(), draft -> {
            if (!isStated(draft.job(), digest)) {
                Edits.replace(draft, accepted, Map.of(DEFINED_AS, digest));
            }
        });
    }

    private static boolean isStated(Job job, String digest) {
        return Objects.equals(job.definition().unknown().get(DEFINED_AS), digest);
    }

    /** The job that code declared under the name. */
    Optional<Job> find(String name) {
        return store.jobs()
                .find(idOf(name))
                .filter(job -> job.definition().unknown().containsKey(DEFINED_AS));
    }

    private void refuseHeldName(String name) {
        store.jobs().list().stream()
                .filter(job -> job.definition().name().equalsIgnoreCase(name))
                .findFirst()
                .ifPresent(job -> {
                    throw new InvalidInputException(
                            "name",
                            Shown.text(name),
                            "the job " + job.id() + " has this name and was not defined by code",
                            "define it under another name, or rename that job");
                });
    }

    private static String idOf(String name) {
        return Digests.jobIdOf("define:" + name.strip().toLowerCase(Locale.ROOT));
    }
}
