package dev.kairos.testkit.sim.broken;

import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.Ledger;
import java.time.Instant;

/** What a job did last is dropped with what it did long ago. */
final class LastRunsForgotten extends PassingStore {
    LastRunsForgotten(JobStore sound) {
        super(sound);
    }

    @Override
    public Ledger ledger() {
        JobStore whole = sound;
        return new PassingLedger(whole) {
            @Override
            public int prune(Instant keepFrom, int mostPerJob) {
                for (Job job : whole.jobs().list()) {
                    whole.ledger().list(ExecutionQuery.ofJob(job.id(), 5)).stream()
                            .filter(row -> !row.status().isOpen())
                            .findFirst()
                            .ifPresent(LastRunsForgotten.this::drop);
                }
                return sound.prune(keepFrom, mostPerJob);
            }
        };
    }

    private void drop(Execution row) {
        sound.claims()
                .decide(
                        row.jobId(),
                        view -> Amendment.builder().deleteRow(row.id()).build());
    }
}
