package dev.kairos.orchestrator.mirror;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.env.Environment;
import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.JobState;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.JobStore;
import dev.kairos.orchestrator.jobs.Revisions;
import dev.kairos.orchestrator.jobs.SetAside;
import dev.kairos.orchestrator.plan.DueSpan;
import dev.kairos.orchestrator.plan.Ids;
import dev.kairos.orchestrator.plan.Skips;
import dev.kairos.orchestrator.plan.Timetable;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Takes jobs over from a file with where they stand: state, next instant, counts. */
final class Adoption {
    private static final String LOST =
            "state_lost: the store that this job was kept in is gone, and nobody knows whether it ran";

    private final JobStore store;
    private final Environment environment;
    private final Revisions revisions;
    private final ZoneId zone;
    private final Timetable timetable = new Timetable();

    Adoption(JobStore store, Environment environment, Revisions revisions, ZoneId zone) {
        this.store = store;
        this.environment = environment;
        this.revisions = revisions;
        this.zone = zone;
    }

    /**
     * Takes the file's jobs over in one transaction; ids that the store has are passed over.
     *
     * @param isStateLost whether the store that the file was written from is gone, so that what the file says is next may
     *     have run already
     * @param mayEnter asked for each readable record's id; a refused one is passed over
     */
    void adopt(JobsFile file, boolean isStateLost, Predicate<String> mayEnter, Findings findings) {
        Instant now = environment.now();
        List<Job> jobs = new ArrayList<>();
        Map<String, DueSpan> skipped = new LinkedHashMap<>();
        for (FileRecord record : file.records()) {
            if (!mayEnter.test(record.id())) {
                findings.skipped.add(record.id());
                continue;
            }
            Job job = job(record, now, findings);
            if (isStateLost && job.engine().state() != JobState.ERROR) {
                overdue(job, now).ifPresent(span -> skipped.put(job.id(), span));
                jobs.add(afterLoss(job, now));
            } else {
                jobs.add(job);
            }
        }
        List<String> taken = store.jobs().create(jobs);
        for (Job job : jobs) {
            if (taken.contains(job.id())) {
                findings.skipped.add(job.id());
            } else if (SetAside.reason(job.definition()).isPresent()) {
                findings.setAside.add(job.id());
            } else {
                findings.created.add(job.id());
            }
        }
        skipped.keySet().removeAll(taken);
        skipped.forEach((id, span) -> writeSkip(id, span, now));
    }

    private Job job(FileRecord record, Instant now, Findings findings) {
        Optional<JobDefinition> read = record.definition();
        String fault = record.fault();
        if (read.isPresent()) {
            EngineFields stands = new EngineFields(record.raw(), zone);
            try {
                JobDefinition definition =
                        dated(revisions.accept(stands.atItsInstant(read.get())), stands.saysPaused(), now);
                return new Job(record.id(), definition, 1, stands.adopted(record.id(), definition, timetable, now));
            } catch (InvalidInputException e) {
                fault = FileRecord.faultOf(e);
            }
        }
        findings.messages.add("Job " + record.id() + " cannot be read and is set aside: " + fault + ".");
        return SetAside.job(record.id(), record.raw(), fault);
    }

    private static JobDefinition dated(JobDefinition definition, boolean isPaused, Instant now) {
        JobDefinition.Builder dated = definition.toBuilder();
        if (definition.get(JobField.CREATED_AT).isEmpty()) {
            dated.set(JobField.CREATED_AT, now);
        }
        if (isPaused || !definition.isEnabled()) {
            dated.set(JobField.ENABLED, false);
            if (definition.get(JobField.PAUSED_AT).isEmpty()) {
                dated.set(JobField.PAUSED_AT, now);
            }
        }
        return dated.build();
    }

    private Job afterLoss(Job job, Instant now) {
        EngineState engine = job.engine();
        if (engine.state() == JobState.COMPLETED) {
            return job;
        }
        JobDefinition definition = job.definition();
        if (definition.schedule().runAt().isPresent()) {
            JobDefinition paused = definition.toBuilder()
                    .set(JobField.ENABLED, false)
                    .set(JobField.PAUSED_AT, now)
                    .set(JobField.PAUSED_REASON, LOST)
                    .build();
            EngineState held = engine.toBuilder()
                    .state(JobState.PAUSED)
                    .next(engine.nextRunAt(), Optional.empty())
                    .build();
            return new Job(job.id(), paused, 1, held);
        }
        Optional<DueSpan> missed = overdue(job, now);
        if (missed.isEmpty()) {
            return job;
        }
        Instant latest = missed.get().latest();
        Optional<Instant> next = timetable.next(definition, Optional.of(latest), now);
        Optional<Instant> due =
                definition.isEnabled() ? next.map(at -> timetable.dueAt(job.id(), definition, at)) : Optional.empty();
        return job.withEngine(engine.toBuilder()
                .next(next, due)
                .lastScheduledAt(Optional.of(latest))
                .build());
    }

    private Optional<DueSpan> overdue(Job job, Instant now) {
        if (job.definition().schedule().runAt().isPresent() || job.engine().state() == JobState.COMPLETED) {
            return Optional.empty();
        }
        return job.engine()
                .nextRunAt()
                .filter(first -> !first.isAfter(now))
                .map(first -> DueSpan.between(timetable.compiled(job.definition()), job.definition(), first, now));
    }

    private void writeSkip(String id, DueSpan span, Instant now) {
        String row = Ids.execution(environment.random());
        store.claims()
                .decide(
                        id,
                        view -> view.job()
                                .map(job -> {
                                    Amendment.Builder amendment = Amendment.builder();
                                    EngineState.Builder engine = job.engine().toBuilder();
                                    Skips.write(
                                            amendment,
                                            engine,
                                            job,
                                            new Skips.SkipOf(span.all(), "state_lost", row, now));
                                    return amendment
                                            .engine(engine.skipping(Optional.empty())
                                                    .build())
                                            .build();
                                })
                                .orElse(Amendment.none()));
    }
}
