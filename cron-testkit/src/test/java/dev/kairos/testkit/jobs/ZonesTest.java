package dev.kairos.testkit.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.event.CronEvent;
import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.store.Amendment;
import dev.kairos.orchestrator.Orchestrator;
import dev.kairos.orchestrator.OrchestratorParts;
import dev.kairos.orchestrator.jobs.ZoneDefaults;
import dev.kairos.orchestrator.schedule.ScheduleZones;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A newer time zone database moves the coming instants; a change of the default zone moves no job (behaviour.md §1). */
class ZonesTest {
    private final Desk desk = new Desk();
    private final List<CronEvent> events = new CopyOnWriteArrayList<>();
    private final Orchestrator orchestrator =
            new Orchestrator(OrchestratorParts.builder(desk.time, desk.store, Path.of("/nowhere"))
                    .outputs(new PlainWords())
                    .composer(new PlainWords())
                    .listener(events::add)
                    .build());

    @AfterEach
    void close() {
        orchestrator.close(Duration.ZERO, Duration.ZERO);
    }

    /** Leaves the job as another version of the database computed it. */
    private void computedAs(Job job, Instant next) {
        desk.store.claims().decide(job.id(), view -> {
            EngineState engine = view.job().orElseThrow().engine();
            Optional<Instant> due = engine.dueAt().map(at -> next);
            return Amendment.builder()
                    .engine(engine.toBuilder().next(Optional.of(next), due).build())
                    .build();
        });
    }

    private void storedWith(String version) {
        desk.store.ledger().keepFact("zone-data", Optional.empty(), Optional.of(version));
    }

    private List<CronEvent> moves() {
        desk.time.settle();
        return events.stream()
                .filter(event -> event.name().equals("cron.zone-data-moved"))
                .toList();
    }

    @Test
    void aNewerDatabaseMovesComingClockTimesAndNothingElse() {
        Job coming = desk.create("coming", "CRON_TZ=Europe/Warsaw 0 15 * * *");
        Job paused = desk.create("paused", "CRON_TZ=Europe/Warsaw 0 15 * * *");
        desk.operations.pause(paused.id(), Optional.empty());
        Job right = desk.create("right", "CRON_TZ=Europe/Warsaw 0 16 * * *");
        Job interval = desk.create("interval", "every 2h");
        Job once = desk.create("once", "3h");
        Job missed = desk.create("missed", "CRON_TZ=Europe/Warsaw 0 15 * * *");
        Instant fifteen = coming.engine().nextRunAt().orElseThrow();
        computedAs(coming, fifteen.plusSeconds(3_600));
        computedAs(paused, fifteen.plusSeconds(3_600));
        computedAs(missed, Desk.START.minusSeconds(60));
        storedWith("1999a");

        orchestrator.open();

        assertThat(desk.job(coming.id()).engine().nextRunAt()).contains(fifteen);
        assertThat(desk.job(coming.id()).engine().dueAt()).contains(fifteen);
        assertThat(desk.job(paused.id()).engine().nextRunAt()).contains(fifteen);
        assertThat(desk.job(paused.id()).engine().dueAt()).isEmpty();
        assertThat(desk.job(right.id()).engine()).isEqualTo(right.engine());
        assertThat(desk.job(interval.id()).engine()).isEqualTo(interval.engine());
        assertThat(desk.job(once.id()).engine()).isEqualTo(once.engine());
        assertThat(desk.job(missed.id()).engine().nextRunAt())
                .as("what is overdue is a misfire")
                .contains(Desk.START.minusSeconds(60));
        assertThat(moves())
                .extracting(event -> event.details().get("job"))
                .containsExactlyInAnyOrder(coming.id(), paused.id());
        assertThat(desk.store.ledger().facts("zone-data")).containsValue(ScheduleZones.dataVersion());
    }

    @Test
    void anOccurrenceThatRanUnderTheOldRulesIsNotRepeatedAndOneThatPassedIsAMisfire() {
        Job ran = desk.create("ran", "CRON_TZ=Europe/Warsaw 0 15 * * *");
        Job passed = desk.create("passed", "CRON_TZ=Europe/Warsaw 0 10 * * *");
        Instant fifteen = ran.engine().nextRunAt().orElseThrow();
        Instant tomorrow = fifteen.plus(Duration.ofDays(1));
        // the old rules had fifteen o'clock five hours earlier: it ran, and the next one is tomorrow's
        desk.store
                .claims()
                .decide(
                        ran.id(),
                        view -> Amendment.builder()
                                .engine(view.job().orElseThrow().engine().toBuilder()
                                        .lastScheduledAt(Optional.of(fifteen.minusSeconds(5 * 3_600)))
                                        .next(
                                                Optional.of(tomorrow.minusSeconds(5 * 3_600)),
                                                Optional.of(tomorrow.minusSeconds(5 * 3_600)))
                                        .build())
                                .build());
        // they had ten o'clock in an hour; it was an hour ago
        computedAs(passed, Desk.START.plusSeconds(3_600));
        storedWith("1999a");

        orchestrator.open();

        assertThat(desk.job(ran.id()).engine().nextRunAt()).contains(tomorrow);
        assertThat(desk.job(passed.id()).engine().nextRunAt()).contains(Desk.START.minusSeconds(3_600));
    }

    @Test
    void anOlderDatabaseMovesNothingBack() {
        Job job = desk.create("coming", "CRON_TZ=Europe/Warsaw 0 15 * * *");
        Instant odd = job.engine().nextRunAt().orElseThrow().plusSeconds(3_600);
        computedAs(job, odd);
        storedWith("9999z");

        orchestrator.open();

        assertThat(desk.job(job.id()).engine().nextRunAt()).contains(odd);
        assertThat(desk.store.ledger().facts("zone-data")).containsValue("9999z");
    }

    @Test
    void aNewStoreAndTheSameDatabaseMoveNothing() {
        Job job = desk.create("coming", "CRON_TZ=Europe/Warsaw 0 15 * * *");
        Instant odd = job.engine().nextRunAt().orElseThrow().plusSeconds(3_600);
        computedAs(job, odd);

        orchestrator.open();

        assertThat(desk.job(job.id()).engine().nextRunAt()).contains(odd);
        assertThat(moves()).isEmpty();
    }

    @Test
    void jobsOfAFormerDefaultZoneAreNamedAndMovedNowhere() {
        ZoneDefaults defaults = new ZoneDefaults(desk.store);
        Job warsaw = desk.create("warsaw", "CRON_TZ=Europe/Warsaw 0 9 * * *");
        Job own = desk.create("own", "CRON_TZ=Asia/Tokyo 0 9 * * *");
        desk.create("interval", "CRON_TZ=Europe/Warsaw every 2h");
        defaults.remember(ZoneId.of("Europe/Warsaw"), desk.time);
        assertThat(defaults.left(ZoneId.of("Europe/Warsaw"))).isEmpty();

        defaults.remember(ZoneId.of("America/New_York"), desk.time);

        assertThat(defaults.left(ZoneId.of("America/New_York")))
                .extracting(Job::id)
                .containsExactly(warsaw.id());
        assertThat(desk.job(own.id()).engine()).isEqualTo(own.engine());
    }
}
