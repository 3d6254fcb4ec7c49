package dev.kairos.testkit.jobs;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.orchestrator.jobs.Caller;
import dev.kairos.orchestrator.jobs.JobOperations;
import dev.kairos.orchestrator.jobs.JobRules;
import dev.kairos.orchestrator.memory.MemoryStore;
import dev.kairos.testkit.ManualEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/** A store on virtual time and the operations on its jobs. */
final class Desk {
    static final Instant START = Instant.parse("2027-03-01T10:00:00Z");

    final ManualEnvironment time = new ManualEnvironment(START);
    final MemoryStore store = new MemoryStore(time);
    final JobOperations operations =
            new JobOperations(store, time, JobRules.of(Caller.operator()).withZone(ZoneId.of("UTC")));

    JobDefinition.Builder script(String name, String schedule) {
        return JobDefinition.builder()
                .set(JobField.NAME, name)
                .set(JobField.SCRIPT, "beat.sh")
                .set(JobField.NO_AGENT, true)
                .set(
                        JobField.SCHEDULE,
                        operations
                                .readSchedule(schedule, java.util.Optional.empty())
                                .schedule());
    }

    Job create(String name, String schedule) {
        return operations.create(script(name, schedule).build()).job();
    }

    Job job(String id) {
        return store.jobs().find(id).orElseThrow();
    }

    List<Execution> rows(String id) {
        return store.ledger().list(ExecutionQuery.ofJob(id, 100));
    }

    void pass(Duration time) {
        this.time.advance(time);
    }

    /** Puts a run in progress beside the job, as a node's claim would. */
    Execution running(String id) {
        return running(id, "00000000000000aa");
    }

    Execution running(String id, String execution) {
        Execution row = Execution.builder(execution, id, time.now())
                .status(ExecutionStatus.RUNNING)
                .node("node")
                .fence(1)
                .startedAt(time.now())
                .build();
        store.claims().decide(id, view -> Amendment.builder().row(row).build());
        return row;
    }
}
