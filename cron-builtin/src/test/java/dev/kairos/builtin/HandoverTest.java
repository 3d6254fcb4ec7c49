package dev.kairos.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.FireCommandLine;
import dev.kairos.api.StopSignal;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.Misfire;
import dev.kairos.api.job.Overlap;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.builtin.system.SystemEnvironment;
import dev.kairos.orchestrator.jobs.Caller;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One provider takes another's place in a host that fires, and in one that does not. */
class HandoverTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private CronRuntime runtime;
    private LogCapture log;

    @BeforeEach
    void listen() {
        OutsideProvider.forget();
        log = LogCapture.of("cron.provider");
    }

    @AfterEach
    void close() {
        if (runtime != null) {
            runtime.close();
        }
        log.close();
    }

    private RuntimeBuilder builder() {
        return CronRuntime.builder()
                .home(folder.resolve("home"))
                .variables(Map.of())
                .loader(ListedProviders.of(folder, OutsideProvider.class))
                .setting("store.url", "memory:");
    }

    private void awaitArmed(String provider) {
        await().atMost(LONG).untilAsserted(() -> {
            assertThat(runtime.status().provider().name()).isEqualTo(provider);
            assertThat(runtime.status().provider().state()).isEqualTo("armed");
        });
    }

    @Test
    void aHundredJobsEachSecondLoseAndDoubleNothingWhileTheProviderChanges() throws Exception {
        boolean isLong = Boolean.getBoolean("kairos.soak");
        int switches = isLong ? 5 : 3;
        Duration apart = isLong ? Duration.ofSeconds(2) : Duration.ofMillis(1_200);
        Map<String, List<Instant>> ran = new ConcurrentHashMap<>();
        runtime = builder().caller(Caller.operator()).build();
        for (int i = 0; i < 100; i++) {
            String name = "beat" + i;
            boolean isEach = i % 2 == 0;
            JobDefinition rest = JobDefinition.builder()
                    .set(JobField.NAME, name)
                    .set(JobField.OVERLAP, Overlap.ALLOW)
                    .set(
                            JobField.MISFIRE,
                            isEach ? new Misfire(Misfire.Policy.RUN_ALL, Optional.empty()) : Misfire.DEFAULT)
                    .build();
            runtime.define(rest, "every 1s", call -> {
                ran.computeIfAbsent(name, key -> new CopyOnWriteArrayList<>())
                        .add(call.request().execution().scheduledAt());
                return "";
            });
        }
        runtime.start();
        awaitArmed("builtin");
        for (int i = 0; i < switches; i++) {
            await().pollDelay(apart).until(() -> true);
            String next = i % 2 == 0 ? "outside" : "builtin";
            Handover done = runtime.switchProvider(next);
            assertThat(done.refusal()).isEmpty();
            awaitArmed(next);
        }
        await().pollDelay(apart).until(() -> true);
        runtime.stop();

        for (int i = 0; i < 100; i++) {
            String name = "beat" + i;
            List<Instant> occurrences = ran.getOrDefault(name, List.of());
            assertThat(occurrences).as("%s ran", name).isNotEmpty().doesNotHaveDuplicates();
            assertGapless(name, occurrences, i % 2 == 0);
        }
    }

    /** Who writes the setting while a daemon begins sees no daemon, and asks none. */
    @Test
    void aSettingThatWasWrittenWhileTheNodeBeganIsFollowed() throws Exception {
        runtime = builder().build();
        Files.writeString(folder.resolve("home").resolve("config.yaml"), "cron:\n  provider: outside\n");
        runtime.start();
        awaitArmed("outside");
        assertThat(runtime.status().provider().asked()).isEqualTo("outside");
    }

    @Test
    void aSettingThatCannotBeFollowedIsSaidAndTheNodeKeepsItsTrigger() throws Exception {
        runtime = builder().build();
        Files.writeString(folder.resolve("home").resolve("config.yaml"), "cron:\n  provider: nowhere\n");
        runtime.start();
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(log.warnings())
                        .anyMatch(line -> line.contains("asked=nowhere was configured while this node began")));
        awaitArmed("builtin");
    }

    /** The setting says what the next start has; a switch in code is for this one. */
    @Test
    void aSwitchInCodeOutlivesTheLookAtTheSetting() throws Exception {
        runtime = builder().build();
        runtime.start();
        assertThat(runtime.switchProvider("outside").refusal()).isEmpty();
        awaitArmed("outside");
        await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
        assertThat(runtime.status().provider().name()).isEqualTo("outside");
    }

    /** From its first occurrence to its last each second ran or, unless each has to run, is named in a row. */
    private void assertGapless(String name, List<Instant> ran, boolean mustEachRun) {
        String id = runtime.jobs().find(name).id();
        Set<Instant> named = new TreeSet<>(ran);
        for (Execution row : runtime.store().ledger().list(ExecutionQuery.ofJob(id, 1_000))) {
            if (!mustEachRun) {
                row.missed().ifPresent(missed -> {
                    for (Instant at = missed.from(); !at.isAfter(missed.to()); at = at.plusSeconds(1)) {
                        named.add(at);
                    }
                });
            }
            if (row.status().isOpen()) {
                named.add(row.scheduledAt()); // queued behind another and not lost
            }
        }
        List<Instant> all = new ArrayList<>(named);
        for (int i = 1; i < all.size(); i++) {
            assertThat(Duration.between(all.get(i - 1), all.get(i)))
                    .as("%s after %s", name, all.get(i - 1))
                    .isEqualTo(Duration.ofSeconds(1));
        }
    }

    @Test
    void aProviderThatIsNotAvailableIsRefusedAndNothingChanges() throws Exception {
        runtime = builder().build();
        runtime.define("beat", "every 1h", call -> "");
        runtime.start();
        awaitArmed("builtin");
        OutsideProvider.isAvailable = false;

        Handover refused = runtime.switchProvider("outside");

        assertThat(refused.refusal().orElseThrow()).contains("'outside'", "not available");
        assertThat(refused.to()).isEqualTo("builtin");
        assertThat(runtime.switchProvider("nobody").refusal().orElseThrow()).contains("no provider has this name");
        assertThat(runtime.status().provider().name()).isEqualTo("builtin");
        assertThat(runtime.status().provider().fallbackReason()).isEmpty();
        assertThat(OutsideProvider.CALLS).isEmpty();
        assertThat(log.warnings()).as("nobody fell back").isEmpty();
    }

    @Test
    void whatTheOldOneArmedOutsideIsTakenBackAndTheNewOneReconciled() throws Exception {
        runtime = builder().setting("cron.provider", "outside").build();
        runtime.define("beat", "every 1h", call -> "");
        runtime.start();
        awaitArmed("outside");
        await().atMost(LONG).until(() -> OutsideProvider.CALLS.contains("reconcile"));
        assertThat(OutsideProvider.ARMED).hasSize(1);

        assertThat(runtime.switchProvider("builtin").remark()).isEmpty();

        assertThat(OutsideProvider.ARMED).isEmpty();
        assertThat(OutsideProvider.CALLS).containsSubsequence("start", "stop", "disarm");
        OutsideProvider.CALLS.clear();
        assertThat(runtime.switchProvider("builtin").from()).isEqualTo("builtin");
        runtime.switchProvider("outside");
        awaitArmed("outside");
        await().atMost(LONG).until(() -> OutsideProvider.CALLS.contains("reconcile"));
        assertThat(OutsideProvider.ARMED).hasSize(1);
        assertThat(OutsideProvider.CALLS).doesNotContain("disarm");
    }

    @Test
    void anotherProcessHasADaemonSwitchByANoteAndHearsWhatCameOfIt() throws Exception {
        Files.createDirectories(folder.resolve("home"));
        runtime = builder().build();
        runtime.start();
        awaitArmed("builtin");
        String node = runtime.status().node().orElseThrow();
        HandoverNotes notes = new HandoverNotes(new SystemEnvironment(), folder.resolve("home"));

        Handover checked = answer(notes, notes.wish("outside", true), node);
        assertThat(checked.refusal()).isEmpty();
        assertThat(checked.to()).isEqualTo("outside");
        assertThat(runtime.status().provider().name()).isEqualTo("builtin");

        assertThat(answer(notes, notes.wish("nobody", false), node).refusal()).isPresent();
        assertThat(answer(notes, notes.wish("outside", false), node).to()).isEqualTo("outside");
        awaitArmed("outside");
        assertThat(Files.list(folder.resolve("home/cron/provider"))).isEmpty();
    }

    private static Handover answer(HandoverNotes notes, HandoverNotes.Wish wish, String node) throws Exception {
        await().atMost(LONG).until(() -> notes.answered(wish, node).isPresent());
        Handover answer = notes.answered(wish, node).orElseThrow();
        notes.withdraw(wish);
        return answer;
    }

    @Test
    void aProviderAtRestReconcilesTellsWhatItHasArmedAndFiresNothing() {
        AtomicRan ran = new AtomicRan();
        runtime = builder().setting("cron.provider", "outside").build();
        String id = runtime.define("beat", "every 1h", call -> ran.mark()).job().id();
        RestingProvider resting = runtime.restingProvider(Optional.empty());

        assertThat(resting.outlivesProcess()).isTrue();
        assertThat(resting.look().difference()).contains("1 not armed: " + id);
        assertThat(resting.reconcile()).isEmpty();
        assertThat(OutsideProvider.ARMED).containsOnlyKeys(id);
        assertThat(resting.look().difference()).isEmpty();
        assertThat(resting.look().armed()).contains(1);
        assertThat(OutsideProvider.CALLS).doesNotContain("start");
        OutsideProvider.failsToReconcile = true;
        assertThat(resting.reconcile())
                .hasValueSatisfying(why -> assertThat(why).contains("portal refused"));
        assertThat(runtime.store().nodes().leases()).as("it joins nothing").isEmpty();
        assertThat(ran.isMarked).isFalse();
    }

    private static final class AtomicRan {
        private volatile boolean isMarked;

        String mark() {
            isMarked = true;
            return "";
        }
    }

    @Test
    void whatTheHostOffersIsACapabilityOfEveryContext() {
        FireCommandLine line = jobId -> List.of("/usr/bin/kairos", "fire", jobId);
        runtime = builder()
                .capability(FireCommandLine.class, line)
                .loader(ListedProviders.of(folder.resolve("other"), AskingProvider.class))
                .setting("cron.provider", "asking")
                .build();
        AskingProvider.found = Optional.empty();
        runtime.start();
        awaitArmed("asking");
        assertThat(AskingProvider.found).contains(List.of("/usr/bin/kairos", "fire", "j"));
    }

    /** Asks its host for the command line. */
    public static final class AskingProvider extends CronScheduler {
        private static volatile Optional<List<String>> found = Optional.empty();

        @Override
        public String name() {
            return "asking";
        }

        @Override
        public void start(StopSignal stop) {
            found = context().capability(FireCommandLine.class).map(line -> line.fire("j"));
        }
    }

    @Test
    void rowsOfARunAreThereOnce() {
        runtime = builder().setting("cron.provider", "outside").build();
        String id = runtime.define("beat", "every 1s", call -> "").job().id();
        runtime.start();
        await().atMost(LONG)
                .until(() -> runtime.store().ledger().list(ExecutionQuery.ofJob(id, 10)).stream()
                                .filter(row -> row.status() == ExecutionStatus.OK)
                                .count()
                        >= 2);
        assertThat(runtime.store().ledger().list(ExecutionQuery.ofJob(id, 10)))
                .allMatch(row -> row.source().equals(Optional.of("outside")));
    }
}
