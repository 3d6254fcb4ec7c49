package dev.kairos.provider.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.job.JobField;
import dev.kairos.api.job.Misfire;
import dev.kairos.api.job.Overlap;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.run.JobHandler;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.builtin.CronRuntime;
import dev.kairos.builtin.Handover;
import dev.kairos.orchestrator.jobs.JobEdit;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trigger goes from one real provider to the next every two seconds, under a hundred jobs of one second. */
class SwitchTest {
    private static final boolean IS_LONG = Boolean.getBoolean("kairos.soak");
    private static final List<String> ROUND = List.of("quartz", "db-scheduler", "builtin");
    private static final int SWITCHES = IS_LONG ? 60 : ROUND.size();
    private static final Duration APART = Duration.ofSeconds(2);
    private static final int JOBS = 100;
    private static final Misfire RUN_ALL = new Misfire(Misfire.Policy.RUN_ALL, Optional.empty());

    private static final Schedule LATER = Schedule.interval(Duration.ofHours(1), ZoneOffset.UTC);

    @TempDir
    Path home;

    private final Map<String, List<Instant>> effects = new ConcurrentHashMap<>();
    private int collapsed;

    @Test
    void noOccurrenceRunsTwiceAndEachRanOrIsNamedInTheRunIntoWhichItCollapsed() throws Exception {
        Map<String, String> settings = new HashMap<>();
        for (Backend backend : List.of(Backend.quartz(), Backend.dbScheduler())) {
            settings.putAll(backend.settings());
        }
        JobHandler work = call -> {
            Execution attempt = call.request().execution();
            effects.computeIfAbsent(attempt.jobId(), id -> new CopyOnWriteArrayList<>())
                    .add(attempt.scheduledAt());
            return "";
        };
        try (Node node = new Node(new MovedMachine(), home, "builtin", settings, work)) {
            CronRuntime kairos = node.open();
            for (int i = 0; i < JOBS; i++) {
                kairos.jobs()
                        .create(
                                Node.job("beat" + i, Schedule.interval(Duration.ofSeconds(1), ZoneOffset.UTC))
                                        .toBuilder()
                                        .set(
                                                JobField.OVERLAP,
                                                Overlap.ALLOW) // on a slow machine the one before may still run
                                        .set(JobField.MISFIRE, i % 2 == 0 ? RUN_ALL : Misfire.DEFAULT)
                                        .build());
            }
            node.start();
            for (int i = 0; i < SWITCHES; i++) {
                Awaitility.await().pollDelay(APART).until(() -> true);
                String next = ROUND.get(i % ROUND.size());
                Handover done = kairos.switchProvider(next);
                assertThat(done.refusal()).isEmpty();
                assertThat(done.to()).isEqualTo(next);
                node.await(
                        next,
                        () -> kairos.status().provider().state().equals("armed")); // a slow engine gets its time too
            }
            Awaitility.await().pollDelay(APART).until(() -> true);
            for (int i = 0; i < JOBS; i++) { // no more comes, and what was claimed runs to its end
                kairos.jobs()
                        .edit(
                                "beat" + i,
                                JobEdit.builder().set(JobField.SCHEDULE, LATER).build());
            }
            node.await("all ran", node::isQuiet);
            kairos.stop();
            account(kairos);
        }
    }

    private void account(CronRuntime kairos) {
        Set<String> sources = new TreeSet<>();
        int ran = 0;
        for (int i = 0; i < JOBS; i++) {
            String id = kairos.jobs().find("beat" + i).id();
            List<Execution> rows = kairos.store().ledger().list(ExecutionQuery.ofJob(id, 10_000));
            rows.forEach(row -> row.source().ifPresent(sources::add));
            List<Instant> own = effects.getOrDefault(id, List.of());
            ran += own.size();
            assertThat(own).as("beat%d", i).isNotEmpty().doesNotHaveDuplicates();
            assertThat(rows.stream()
                            .filter(row -> row.status() == ExecutionStatus.OK)
                            .map(Execution::scheduledAt))
                    .as("beat%d", i)
                    .containsExactlyInAnyOrderElementsOf(own);
            assertGapless("beat" + i, own, rows, i % 2 == 0);
        }
        assertThat(sources).as("each pulled the trigger").contains("quartz", "db-scheduler", "tick");
        System.out.println("switches=" + SWITCHES + " ran=" + ran + " collapsed=" + collapsed);
    }

    /** From the first occurrence to the last each second ran, or collapsed where that may be. */
    private void assertGapless(String name, List<Instant> ran, List<Execution> rows, boolean mustEachRun) {
        Set<Instant> named = new TreeSet<>(ran);
        for (Execution row : rows) {
            row.missed().filter(missed -> !mustEachRun).ifPresent(missed -> {
                for (Instant at = missed.from(); !at.isAfter(missed.to()); at = at.plusSeconds(1)) {
                    collapsed += named.add(at) ? 1 : 0;
                }
            });
        }
        List<Instant> all = new ArrayList<>(named);
        for (int i = 1; i < all.size(); i++) {
            assertThat(Duration.between(all.get(i - 1), all.get(i)))
                    .as("%s after %s: %s", name, all.get(i - 1), rows)
                    .isEqualTo(Duration.ofSeconds(1));
        }
    }
}
