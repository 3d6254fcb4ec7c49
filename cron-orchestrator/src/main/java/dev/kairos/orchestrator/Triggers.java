package dev.kairos.orchestrator;

import dev.kairos.api.DesiredTrigger;
import dev.kairos.api.env.Environment;
import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobState;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.ClaimRequest;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.JobView;
import dev.kairos.orchestrator.plan.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What a provider should have armed, and what of it nobody has fired. Reads, and claims nothing. */
final class Triggers {
    /** With something open elsewhere, a wake-up is armed no later than this (architecture.md §3). */
    private static final Duration WAKE_WITHIN = Duration.ofMinutes(5);

    private final OrchestratorParts parts;
    private final Environment environment;
    private final JobStore store;
    private final Sender sender;
    private final Timetable timetable;

    Triggers(OrchestratorParts parts, Sender sender, Timetable timetable) {
        this.parts = parts;
        this.environment = parts.environment();
        this.store = parts.store();
        this.sender = sender;
        this.timetable = timetable;
    }

    /** What a provider should have armed now. */
    List<DesiredTrigger> desired() {
        List<DesiredTrigger> desired = new ArrayList<>();
        for (Job job : store.jobs().list()) {
            job.engine()
                    .dueAt()
                    .ifPresent(due -> desired.add(new DesiredTrigger(
                            job.id(), due, Optional.of(job.definition().schedule()))));
        }
        wakeAt().ifPresent(at -> desired.add(new DesiredTrigger(Job.WAKE_ID, at, Optional.empty())));
        return desired;
    }

    /** When something besides the schedules needs a pass at the latest: soon, while a row or a send is open. */
    Optional<Instant> wakeAt() {
        Optional<Instant> wake = waitingDueAt();
        Instant latest = environment.now().plus(WAKE_WITHIN);
        return wake.isPresent() || isAnythingOpen()
                ? Optional.of(wake.filter(latest::isAfter).orElse(latest))
                : Optional.empty();
    }

    private boolean isAnythingOpen() {
        return !sender.isIdle()
                || !store.ledger()
                        .list(ExecutionQuery.newest(1).in(Recovery.OWNED))
                        .isEmpty()
                || !store.outbox().list(Optional.empty(), Recovery.IN_HAND, 1).isEmpty();
    }

    /** When the earliest of what no schedule makes due has its time; what this node cannot run or send does not count. */
    Optional<Instant> waitingDueAt() {
        Optional<Instant> run = store.claims().nextWaitingAt(parts.abilities());
        Optional<Instant> send = store.outbox().nextDueAt(parts.platforms());
        return Stream.concat(run.stream(), send.stream()).min(Instant::compareTo);
    }

    /** The jobs that this node could run, that are due and that nobody has claimed, earliest first. */
    List<Unfired> unfired(String node, int most) {
        Instant now = environment.now();
        boolean isAnyDue = store.claims()
                .nextDueAt(parts.abilities())
                .filter(due -> !due.isAfter(now))
                .isPresent();
        if (!isAnyDue) {
            return List.of();
        }
        Map<String, Unfired> found = new LinkedHashMap<>(); // a repeated transaction offers a job again
        ClaimRequest request = new ClaimRequest(node, now, now, most, parts.abilities(), Optional.empty());
        store.claims().claimDue(request, view -> {
            unfired(view, now).ifPresent(one -> found.put(one.jobId(), one));
            return Amendment.none();
        });
        return List.copyOf(found.values());
    }

    private Optional<Unfired> unfired(JobView view, Instant now) {
        return view.job().filter(job -> isDue(job, now)).map(job -> new Unfired(job.id(), instants(job, now)));
    }

    private static boolean isDue(Job job, Instant now) {
        EngineState engine = job.engine();
        return job.definition().isEnabled()
                && (engine.state() == JobState.SCHEDULED || engine.state() == JobState.RUNNING)
                && engine.dueAt().filter(due -> !due.isAfter(now)).isPresent();
    }

    private List<Instant> instants(Job job, Instant now) {
        List<Instant> instants = new ArrayList<>();
        Duration jitter = timetable.jitterOf(job.id(), job.definition());
        Optional<Instant> nominal = job.engine().nextRunAt();
        while (nominal.isPresent() && instants.size() < Unfired.MOST) {
            Instant due = nominal.get().plus(jitter);
            if (due.isAfter(now)) {
                break;
            }
            instants.add(due);
            nominal = timetable.next(job.definition(), nominal, nominal.get());
        }
        return instants;
    }

    /** When the job's latest occurrence that was decided about was due. */
    Optional<Instant> lastDueAt(String jobId) {
        return store.jobs()
                .find(jobId)
                .flatMap(job -> job.engine()
                        .lastScheduledAt()
                        .map(nominal -> timetable.dueAt(job.id(), job.definition(), nominal)));
    }
}
