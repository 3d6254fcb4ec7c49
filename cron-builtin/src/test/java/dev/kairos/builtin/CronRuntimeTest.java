package dev.kairos.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kairos.api.FireResult;
import dev.kairos.api.InvalidInputException;
import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.delivery.DeliveryMessage;
import dev.kairos.api.env.Environment;
import dev.kairos.api.env.Task;
import dev.kairos.api.event.CronEvent;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.StoreException;
import dev.kairos.builtin.system.SystemEnvironment;
import dev.kairos.orchestrator.health.HeartbeatReader;
import dev.kairos.orchestrator.memory.MemoryStore;
import dev.kairos.testkit.InterceptedStore;
import dev.kairos.testkit.StoreHook;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CronRuntimeTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private CronRuntime runtime;

    private RuntimeBuilder builder() {
        return CronRuntime.builder()
                .home(folder.resolve("home"))
                .variables(Map.of("PATH", "/usr/bin:/bin"))
                .setting("store.url", "memory:");
    }

    @AfterEach
    void close() {
        if (runtime != null) {
            runtime.close();
        }
    }

    private List<Execution> rows(String jobId) {
        return runtime.store().ledger().list(ExecutionQuery.ofJob(jobId, 100));
    }

    @Test
    void aDefinedHandlerFiresAndItsOutputIsKept() throws IOException {
        AtomicInteger runs = new AtomicInteger();
        runtime = builder().build();
        String id = runtime.define("beat", "every 1s", call -> "beat " + runs.incrementAndGet())
                .job()
                .id();
        runtime.start();
        await().atMost(LONG).until(() -> runs.get() >= 2);
        await().atMost(LONG).until(() -> rows(id).stream().anyMatch(row -> row.status() == ExecutionStatus.OK));
        assertThat(Files.list(runtime.home().resolve("cron/output").resolve(id)))
                .isNotEmpty();
    }

    @Test
    void aHandlerThatHasNothingToSayLeavesNoPage() throws Exception {
        runtime = builder().build();
        String mute = runtime.define("mute", "every 1h", call -> "").job().id();
        String failing = runtime.define("failing", "every 1h", call -> {
                    throw new IllegalStateException("no");
                })
                .job()
                .id();
        runtime.join();
        runtime.jobs().requestRun(mute);
        runtime.jobs().requestRun(failing);
        runtime.tick();
        await().atMost(LONG)
                .until(() -> !ended(mute).isEmpty() && !ended(failing).isEmpty());

        assertThat(ended(mute)).singleElement().satisfies(row -> {
            assertThat(row.status()).isEqualTo(ExecutionStatus.OK);
            assertThat(row.output()).isEmpty();
        });
        assertThat(ended(failing).get(0).output()).isPresent();
        assertThat(runtime.home().resolve("cron/output").resolve(mute)).doesNotExist();
    }

    private List<Execution> ended(String jobId) {
        return rows(jobId).stream().filter(row -> !row.status().isOpen()).toList();
    }

    @Test
    void aTriggerThatWasSpentOnNothingIsArmedAnew() throws Exception {
        String source = "package made; public class Early extends dev.kairos.api.CronScheduler {"
                + " public String name() { return \"early\"; }"
                + " public void start(dev.kairos.api.StopSignal stop) { context().desiredTriggers().forEach(trigger ->"
                + "   context().fire(dev.kairos.api.FireRequest.of(trigger.jobId()))); }"
                + " public void onJobsChanged(dev.kairos.api.JobChanges moved) {"
                + "   System.setProperty(\"early.told\", moved.jobIds().toString()); } }";
        ClassLoader loader =
                ProviderJar.compile(folder, Map.of("made.Early", source)).loader();
        runtime = builder().loader(loader).setting("cron.provider", "early").build();
        String id = runtime.define("rare", "every 1h", call -> "").job().id();
        System.clearProperty("early.told");
        try {
            runtime.start();
            await().atMost(LONG)
                    .until(() -> System.getProperty("early.told", "").contains(id));
            assertThat(rows(id)).isEmpty();
        } finally {
            System.clearProperty("early.told");
        }
    }

    @Test
    void definingAgainAddsNothing() {
        runtime = builder().build();
        assertThat(runtime.define("beat", "every 1h", call -> "").changed()).isTrue();
        assertThat(runtime.define("beat", "every 1h", call -> "").changed()).isFalse();
        assertThat(runtime.define("beat", "every 2h", call -> "").changed()).isTrue();
        assertThat(runtime.jobs().list()).hasSize(1);
        assertThat(runtime.undefine("beat")).isPresent();
        assertThat(runtime.undefine("beat")).isEmpty();
        assertThat(runtime.jobs().list()).isEmpty();
    }

    @Test
    void whatIsDefinedWhileItRunsIsNoticedAtOnce() throws InterruptedException {
        runtime = builder().setting("cron.interval", "1d").build();
        runtime.start();
        await().atMost(LONG).until(() -> runtime.status().passes().isPresent());
        CountDownLatch ran = new CountDownLatch(1);
        runtime.define("soon", "1s", call -> {
            ran.countDown();
            return "";
        });
        assertThat(ran.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void theHomeIsMadePrivate() throws IOException {
        runtime = builder().build();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(runtime.home())))
                .isEqualTo("rwx------");
    }

    @Test
    void aHomeThatIsAFileIsRefusedInPlainWords() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> CronRuntime.builder().home(file).build())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("home folder cannot be made (" + file + " is no folder)");
    }

    @Test
    void anUnknownStoreIsRefusedWithoutItsPassword() {
        assertThatThrownBy(() -> builder()
                        .setting("store.url", "jdbc:nothing://bob:hunter2@host/db?password=hunter2")
                        .build())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("store.url")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void aPasswordWithSignsOfItsOwnIsNotShownEither() {
        for (String url : List.of(
                "jdbc:nothing://bob:hun?t@er2/x@host/db",
                "jdbc:nothing:thin:bob/hunter2@host",
                "jdbc:nothing:host;password=hunter2",
                "jdbc:nothing:host?password=hun@ter2")) {
            assertThatThrownBy(() -> builder().setting("store.url", url).build())
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("jdbc:nothing:")
                    .hasMessageNotContaining("hunter2")
                    .hasMessageNotContaining("er2");
        }
    }

    @Test
    void aRefusedDefinitionLeavesTheHandlerThatWas() {
        AtomicInteger first = new AtomicInteger();
        AtomicInteger second = new AtomicInteger();
        runtime = builder().build();
        String id = runtime.define("beat", "1s", call -> "" + first.incrementAndGet())
                .job()
                .id();
        assertThatThrownBy(() -> runtime.define("beat", "every banana", call -> "" + second.incrementAndGet()))
                .isInstanceOf(InvalidInputException.class);
        runtime.join();
        await().atMost(LONG).until(() -> runtime.fire(id).fold(claimed -> true, refused -> false));
        await().atMost(LONG).until(() -> first.get() == 1);
        assertThat(second).hasValue(0);
    }

    @Test
    void aRunMayAskForTheStopThatIsUnderWay() throws InterruptedException {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        runtime = builder().build();
        String id = runtime.define("last", "1s", call -> {
                    began.countDown();
                    release.await();
                    runtime.stop();
                    return "";
                })
                .job()
                .id();
        runtime.start();
        assertThat(began.await(60, TimeUnit.SECONDS)).isTrue();
        stopAndMeanwhile(release);
        assertThat(rows(id)).hasSize(1).allMatch(row -> row.status() == ExecutionStatus.OK);
    }

    @Test
    void wrongSettingsAreSaidAndTheStandardHolds() {
        try (LogCapture log = LogCapture.of("cron.runtime")) {
            runtime = builder()
                    .setting("cron.interval", "banana")
                    .setting("cron.intervalll", "5s")
                    .build();
            runtime.start();
            assertThat(log.errors()).hasSize(1).allMatch(text -> text.contains("cron.interval"));
            assertThat(log.warnings()).hasSize(1).allMatch(text -> text.contains("did you mean cron.interval?"));
        }
        assertThat(runtime.status().provider().name()).isEqualTo("builtin");
    }

    @Test
    void startAndStopMayAlternateAndRepeat() {
        AtomicInteger runs = new AtomicInteger();
        runtime = builder().build();
        runtime.define("beat", "every 1s", call -> "" + runs.incrementAndGet());
        for (int cycle = 1; cycle <= 3; cycle++) {
            int before = runs.get();
            runtime.start();
            runtime.start();
            await().atMost(LONG).until(() -> runs.get() > before);
            runtime.stop();
            runtime.stop();
            assertThat(runtime.status().isStarted()).isFalse();
            int after = runs.get();
            assertThat(threadsNamed("cron-ticker", "cron-host", "cron-watch")).isEmpty();
            assertThat(runs.get()).isEqualTo(after);
        }
        runtime.close();
        runtime.close();
        assertThatThrownBy(runtime::start).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aStartThatTheStoreRefusesLeavesNoNodeBehind() {
        MemoryStore store = new MemoryStore(new SystemEnvironment());
        runtime = builder().store(store).build();
        runtime.start();
        runtime.close();
        AtomicBoolean isRefusing = new AtomicBoolean(true);
        StoreHook hook = new StoreHook() {
            @Override
            public void before(Write write) {
                if (write == Write.KEEP_FACT && isRefusing.getAndSet(false)) {
                    throw new StoreException(StoreException.Kind.FULL, "no room", null);
                }
            }
        };
        runtime = builder()
                .store(new InterceptedStore(store, hook))
                .setting("cron.timezone", "Asia/Tokyo")
                .build();

        assertThatThrownBy(runtime::start).isInstanceOf(StoreException.class).hasMessage("no room");

        assertNothingRuns(store);
        runtime.start();
        assertThat(runtime.status().isStarted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cron-mirror", "cron-host"})
    void aStartForWhichAThreadIsMissingLeavesNoNodeBehind(String thread) {
        AtomicBoolean isShort = new AtomicBoolean(true);
        Environment machine = new SystemEnvironment();
        Environment full = (Environment) Proxy.newProxyInstance(
                Environment.class.getClassLoader(), new Class<?>[] {Environment.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("start") && thread.equals(arguments[0]) && isShort.getAndSet(false)) {
                        throw new OutOfMemoryError("no more threads");
                    }
                    return method.invoke(machine, arguments);
                });
        runtime = builder().setting("cron.jobs_file", "true").environment(full).build();

        assertThatThrownBy(runtime::start).isInstanceOf(OutOfMemoryError.class);

        assertNothingRuns(runtime.store());
        runtime.start();
        assertThat(runtime.status().provider().state()).isIn("starting", "armed");
    }

    private void assertNothingRuns(JobStore store) {
        assertThat(runtime.status().isStarted()).isFalse();
        assertThat(store.nodes().leases()).isEmpty();
        assertThat(threadsNamed("cron-lease", "cron-watch", "cron-mirror", "cron-ticker", "cron-host"))
                .isEmpty();
    }

    private static List<String> threadsNamed(String... names) {
        await().atMost(LONG)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> List.of(names).contains(thread.getName())));
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(List.of(names)::contains)
                .toList();
    }

    @Test
    void stoppingGivesTheRunInProgressItsTime() throws InterruptedException {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        runtime = builder().build();
        String id = runtime.define("slow", "1s", call -> {
                    began.countDown();
                    release.await();
                    return "done";
                })
                .job()
                .id();
        runtime.start();
        assertThat(began.await(60, TimeUnit.SECONDS)).isTrue();
        stopAndMeanwhile(release);
        assertThat(rows(id)).hasSize(1).allMatch(row -> row.status() == ExecutionStatus.OK);
    }

    /** Lets the run go on only once the stop is under way: a stopping runtime refuses to fire. */
    private void stopAndMeanwhile(CountDownLatch release) throws InterruptedException {
        Task stopping = runtime.environment().start("stopping", runtime::stop);
        await().atMost(LONG)
                .until(() -> runtime.fire("nobody")
                        .fold(claimed -> false, refused -> refused.reason() == FireResult.Reason.STOPPING));
        release.countDown();
        assertThat(stopping.join(LONG)).isTrue();
    }

    @Test
    void joinedItFiresByHandOnly() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        runtime = builder().build();
        String id = runtime.define("beat", "every 1s", call -> "" + runs.incrementAndGet())
                .job()
                .id();
        assertThatThrownBy(runtime::tick).isInstanceOf(IllegalStateException.class);
        runtime.join();
        assertThat(runtime.fire("nobody"))
                .isInstanceOfSatisfying(
                        FireResult.NotClaimed.class,
                        refused -> assertThat(refused.reason()).isEqualTo(FireResult.Reason.NO_SUCH_JOB));
        await().atMost(LONG).until(() -> runtime.fire(id).fold(claimed -> true, refused -> false));
        await().atMost(LONG).until(() -> runs.get() == 1);
        assertThat(runtime.status().provider().name()).isEqualTo("none");
    }

    @Test
    void runDueRunsWhatWasDueAtItsStartAndWaitsForIt() throws Exception {
        runtime = builder().build();
        AtomicInteger ended = new AtomicInteger();
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        for (int i = 0; i < 20; i++) {
            runtime.define("slow-" + i, "every 1s", call -> {
                began.countDown();
                release.await();
                ended.incrementAndGet();
                return "";
            });
        }
        JobDefinition foreign = JobDefinition.builder()
                .set(JobField.NAME, "foreign")
                .set(JobField.HANDLER, "somebody-else")
                .build();
        String unable = runtime.jobs().define(foreign, "1s").job().id();
        runtime.join();
        await().atMost(LONG)
                .until(() -> runtime.jobs().list().stream()
                        .allMatch(job -> isDue(job.engine().dueAt())));
        runtime.environment().start("releasing", () -> {
            try {
                began.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            release.countDown();
        });
        DueWork work = runtime.runDue(LONG);
        assertThat(work.isFinished()).isTrue();
        assertThat(work.fired()).hasSizeGreaterThanOrEqualTo(20);
        assertThat(ended.get()).isEqualTo(work.fired().size());
        assertThat(work.unable()).containsExactly(unable);
    }

    private boolean isDue(Optional<Instant> at) {
        return at.filter(instant -> !instant.isAfter(runtime.environment().now()))
                .isPresent();
    }

    @Test
    void aTickerThatSharesTheStoreWithAnotherRuntimeRunsNothingTwice() {
        AtomicInteger runs = new AtomicInteger();
        runtime = builder().build();
        String id = runtime.define("beat", "every 1s", call -> "" + runs.incrementAndGet())
                .job()
                .id();
        try (CronRuntime other = CronRuntime.builder()
                .home(folder.resolve("other"))
                .variables(Map.of())
                .store(runtime.store())
                .handler("beat", call -> "" + runs.incrementAndGet())
                .build()) {
            runtime.start();
            other.start();
            await().atMost(LONG).until(() -> runs.get() >= 4);
        }
        runtime.stop();
        assertThat(rows(id).stream().map(Execution::scheduledAt)).doesNotHaveDuplicates();
        assertThat(rows(id).stream().filter(row -> row.status() == ExecutionStatus.OK))
                .hasSize(runs.get());
    }

    @Test
    void statusCountsJobsAndNamesTheProvider() {
        runtime = builder().setting("cron.provider", "nowhere").build();
        runtime.define("a", "every 1h", call -> "");
        runtime.define("b", "every 1h", call -> "");
        runtime.jobs().pause("b", Optional.empty());
        runtime.start();
        await().atMost(LONG).until(() -> runtime.status().passes().isPresent());
        RuntimeStatus status = runtime.status();
        assertThat(status.provider().name()).isEqualTo("builtin");
        assertThat(status.provider().asked()).isEqualTo("nowhere");
        assertThat(status.provider().fallbackReason()).isPresent();
        assertThat(status.counts().jobs()).isEqualTo(2);
        assertThat(status.counts().paused()).isEqualTo(1);
        assertThat(status.nextDueAt()).isPresent();
        assertThat(status.isHealthy()).isTrue();
    }

    @Test
    void itBeatsWhileItIsStartedAndTakesItsHeartbeatAlong() throws IOException {
        runtime = builder().build();
        HeartbeatReader reader = new HeartbeatReader(runtime.environment(), runtime.home());
        runtime.join();
        assertThat(reader.all()).as("a command that only joins is no daemon").isEmpty();
        runtime.stop();
        runtime.start();
        await().atMost(LONG)
                .until(() -> reader.all().stream()
                        .anyMatch(node -> node.isHealthy() && node.lastClean().isPresent()));
        assertThat(reader.all())
                .singleElement()
                .satisfies(node -> assertThat(node.provider()).contains("builtin"));
        runtime.stop();
        assertThat(reader.all()).isEmpty();
    }

    @Test
    void theHeartbeatSaysWhyAnotherProviderFiresAndWhatTheNodeCanRun() throws IOException {
        List<CronEvent> events = new CopyOnWriteArrayList<>();
        runtime = builder()
                .setting("cron.provider", "nowhere")
                .listener(events::add)
                .build();
        runtime.define("beat", "every 1h", call -> "");
        HeartbeatReader reader = new HeartbeatReader(runtime.environment(), runtime.home());
        runtime.start();
        await().atMost(LONG)
                .until(() ->
                        reader.all().stream().anyMatch(node -> node.lastClean().isPresent()));
        assertThat(reader.all()).singleElement().satisfies(node -> {
            assertThat(node.notes().asked()).contains("nowhere");
            assertThat(node.notes().fallbackReason().orElseThrow()).contains("nowhere");
            assertThat(node.notes().abilities()).contains("script", "handler:beat");
            assertThat(node.notes().stuckJobs()).isEmpty();
        });
        await().atMost(LONG)
                .until(() -> events.stream().anyMatch(event -> event.name().equals("cron.provider-fell-back")));
    }

    @Test
    void whatAnotherProcessChangesIsNoticedLongBeforeTheInterval() throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(1);
        runtime = builder()
                .setting("cron.interval", "1d")
                .handler("soon", call -> {
                    ran.countDown();
                    return "";
                })
                .build();
        runtime.start();
        await().atMost(LONG).until(() -> runtime.status().passes().isPresent());
        try (CronRuntime other = CronRuntime.builder()
                .home(folder.resolve("other"))
                .variables(Map.of())
                .store(runtime.store())
                .build()) {
            other.define("soon", "1s", call -> "never here: it is not started");
            assertThat(ran.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void whatIsToBeSentWhenItStopsIsStillSent() throws InterruptedException {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        List<String> sent = new CopyOnWriteArrayList<>();
        runtime = builder().channel(new RecordingChannel(sent)).build();
        JobDefinition definition = JobDefinition.builder()
                .set(JobField.NAME, "slow")
                .set(JobField.DELIVER, List.of("recorder"))
                .build();
        runtime.define(definition, "1s", call -> {
            began.countDown();
            release.await();
            return "the token is hunter2hunter2";
        });
        runtime.start();
        assertThat(began.await(60, TimeUnit.SECONDS)).isTrue();
        stopAndMeanwhile(release);
        assertThat(sent)
                .singleElement()
                .satisfies(
                        text -> assertThat(text).contains("Scheduled job: slow").contains("the token is"));
    }

    private record RecordingChannel(List<String> sent) implements DeliveryChannel {
        @Override
        public String platform() {
            return "recorder";
        }

        @Override
        public void checkAddress(String address) {}

        @Override
        public String send(DeliveryMessage message) {
            sent.add(message.text());
            return "";
        }
    }
}
