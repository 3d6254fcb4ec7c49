package dev.kairos.orchestrator;

import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobState;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.JobView;
import dev.kairos.orchestrator.plan.Timetable;
import dev.kairos.orchestrator.schedule.ScheduleZones;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Notices that this Java knows another version of the time zone database than the one with which the store's instants were
 * computed, and computes the coming ones anew (behaviour.md §1). A past instant stands, as a misfire; an interval and a
 * one-shot are instants and move nowhere.
 */
final class ZoneData {
    private static final String FACT = "zone-data";

    /** A zone's offset never moved by more than a day. */
    private static final Duration LARGEST_MOVE = Duration.ofHours(26);

    private final JobStore store;
    private final OrchestratorParts parts;
    private final Events events;
    private final Timetable timetable;

    ZoneData(OrchestratorParts parts, Events events, Timetable timetable) {
        this.store = parts.store();
        this.parts = parts;
        this.events = events;
        this.timetable = timetable;
    }

    /** Brings the store's coming instants up to this Java's time zone database; looks at nothing while that is the same. */
    void apply() {
        String present = ScheduleZones.dataVersion();
        Optional<String> stored = Optional.ofNullable(store.ledger().facts(FACT).get(FACT));
        if (stored.filter(version -> version.compareTo(present) >= 0).isPresent()) {
            return; // the same, or a newer one that another Java brought
        }
        if (stored.isPresent()) {
            store.jobs().each(job -> {
                if (isMoved(job, now())) {
                    move(job, stored.get());
                }
            });
        }
        store.ledger().keepFact(FACT, stored, Optional.of(present));
    }

    private Instant now() {
        return parts.environment().now();
    }

    private boolean isMoved(Job job, Instant now) {
        return isZoned(job, now) && !next(job).equals(job.engine().nextRunAt());
    }

    private static boolean isZoned(Job job, Instant now) {
        return job.engine().state() != JobState.ERROR
                && job.definition().schedule().kind() == Schedule.Kind.CRON
                && job.engine().nextRunAt().filter(now::isBefore).isPresent();
    }

    /**
     * The instant, under the rules of now, of the occurrence that was to come: the one nearest to its old instant and later
     * than what was used up. One that has passed by them is a misfire; none is repeated and none left out.
     */
    private Optional<Instant> next(Job job) {
        Instant old = job.engine().nextRunAt().orElseThrow();
        Instant base = job.engine()
                .lastScheduledAt()
                .filter(last -> last.isAfter(old.minus(LARGEST_MOVE)))
                .orElse(old.minus(LARGEST_MOVE));
        Optional<Instant> before = Optional.empty();
        Optional<Instant> at = timetable.next(job.definition(), Optional.of(base), base);
        while (at.filter(instant -> instant.isBefore(old)).isPresent()) {
            before = at;
            at = timetable.next(job.definition(), at, at.get());
        }
        if (before.isEmpty() || at.isEmpty()) {
            return at.or(() -> Optional.of(old));
        }
        boolean isBeforeNearer = Duration.between(before.get(), old).compareTo(Duration.between(old, at.get())) < 0;
        return isBeforeNearer ? before : at;
    }

    private void move(Job job, String former) {
        Instant now = now();
        store.claims().decide(job.id(), view -> moved(view, now));
        events.publishWarning(
                "cron.zone-data-moved",
                "job",
                job.id(),
                "from",
                job.engine().nextRunAt().map(Instant::toString).orElse(""),
                "to",
                next(job).map(Instant::toString).orElse(""),
                "data_before",
                former);
    }

    private Amendment moved(JobView view, Instant now) {
        return view.job()
                .filter(job -> isMoved(job, now))
                .map(job -> {
                    Optional<Instant> next = next(job);
                    EngineState engine = job.engine();
                    Optional<Instant> due = engine.dueAt().isEmpty()
                            ? Optional.empty() // paused
                            : next.map(at -> timetable.dueAt(job.id(), job.definition(), at));
                    return Amendment.builder()
                            .engine(engine.toBuilder().next(next, due).build())
                            .build();
                })
                .orElseGet(Amendment::none);
    }
}
