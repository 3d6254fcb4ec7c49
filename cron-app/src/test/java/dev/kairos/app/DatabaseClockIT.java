package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kairos.api.env.Environment;
import dev.kairos.api.event.CronEvent;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.builtin.CronRuntime;
import dev.kairos.builtin.system.SystemEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes on one real PostgreSQL, whose clock is this machine's; those of some nodes are minutes off. */
class DatabaseClockIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    /** How late a busy machine may be; far less than any clock here is off. */
    private static final Duration LATE = Duration.ofSeconds(10);

    private static PostgresServer postgres;

    @TempDir
    Path folder;

    private final Environment right = new SystemEnvironment();
    private final WrongClock behind = WrongClock.by(Duration.ofMinutes(-5));
    private final WrongClock ahead = WrongClock.by(Duration.ofMinutes(5));
    private final List<CronRuntime> runtimes = new ArrayList<>();

    /** One run, as the database's clock sees it. */
    private record Fired(String node, Instant scheduledAt, Instant at) {}

    private final Queue<Fired> fired = new ConcurrentLinkedQueue<>();
    private final Queue<CronEvent> ofBehind = new ConcurrentLinkedQueue<>();
    private final Queue<CronEvent> ofRight = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void aServer(@TempDir Path server) throws IOException {
        postgres = PostgresServer.in(server);
    }

    @AfterAll
    static void endTheServer() throws IOException {
        postgres.close();
    }

    @AfterEach
    void closed() {
        runtimes.forEach(CronRuntime::close);
    }

    /** A store of each test's own. */
    private String url() {
        return postgres.url() + "&currentSchema="
                + folder.getFileName().toString().replaceAll("\\W", "_");
    }

    private CronRuntime node(String name, Environment machine, Queue<CronEvent> events) {
        CronRuntime runtime = CronRuntime.builder()
                .home(folder.resolve(name))
                .environment(machine)
                .setting("store.url", url())
                .variables(Map.of("PATH", System.getenv("PATH")))
                .listener(events::add)
                .handler("beat", call -> {
                    Instant at = right.now();
                    fired.add(new Fired(name, call.request().execution().scheduledAt(), at));
                    return "";
                })
                .build();
        runtimes.add(runtime);
        return runtime;
    }

    private static JobDefinition beat(String name) {
        return JobDefinition.builder()
                .set(JobField.NAME, name)
                .set(JobField.HANDLER, "beat")
                .build();
    }

    @Test
    void nodesWhoseClocksAreMinutesOffFireAtTheDatabasesInstants() {
        CronRuntime slow = node("slow", behind, ofBehind);
        CronRuntime fast = node("fast", ahead, new ConcurrentLinkedQueue<>());
        CronRuntime exact = node("exact", right, ofRight);
        exact.jobs().define(beat("every second"), "every 1s");

        slow.start();
        await().atMost(LONG).until(() -> timesOf("slow") >= 3);
        exact.start();
        slow.stop();
        long before = timesOf("exact");
        await().atMost(LONG).until(() -> timesOf("exact") >= before + 2);
        exact.stop();
        fast.start();
        await().atMost(LONG).until(() -> timesOf("fast") >= 3);
        slow.start();
        exact.start();
        int sofar = fired.size();
        await().atMost(LONG).until(() -> fired.size() >= sofar + 4);

        nothingIsEarlyOrLate();
        assertThat(fired.stream().map(Fired::scheduledAt)).doesNotHaveDuplicates();
        assertThat(count(ofBehind, "cron.clock-differs")).as("of two lives").isEqualTo(2);
        assertThat(count(ofRight, "cron.clock-differs")).isZero();
    }

    @Test
    void settingTheClockRightFiresNothingEarlyAndIsSaid() {
        CronRuntime slow = node("slow", behind, ofBehind);
        slow.jobs().define(beat("every second"), "every 1s");
        slow.start();
        await().atMost(LONG).until(() -> timesOf("slow") >= 2);
        assertThat(slow.storeClockAhead())
                .hasValueSatisfying(off -> assertThat(off).isCloseTo(Duration.ofMinutes(5), Duration.ofSeconds(1)));

        behind.setRight();
        await().atMost(LONG).until(() -> count(ofBehind, "cron.clock-agrees") == 1);
        long before = timesOf("slow");
        await().atMost(LONG).until(() -> timesOf("slow") >= before + 2);

        nothingIsEarlyOrLate();
        assertThat(count(ofBehind, "cron.clock-differs")).isEqualTo(1);
    }

    @Test
    void whatPeopleAskForOnAMachineWithAWrongClockIsDueByTheDatabases() {
        CronRuntime exact = node("exact", right, ofRight);
        String rare = exact.jobs().define(beat("rare"), "every 1h").job().id();
        exact.start();
        for (WrongClock machine : List.of(behind, ahead)) {
            CronRuntime desk = node("desk" + runtimes.size(), machine, new ConcurrentLinkedQueue<>());
            int before = fired.size();
            String request = desk.jobs().requestRun(rare).execution().id();
            await().atMost(LONG).until(() -> fired.size() == before + 1);
            await().atMost(LONG)
                    .until(() -> desk.store()
                            .ledger()
                            .find(request)
                            .filter(row -> row.status() == ExecutionStatus.OK)
                            .isPresent());

            desk.jobs().define(beat("once " + runtimes.size()), "in 2s");
            await().atMost(LONG).until(() -> fired.size() == before + 2);
        }
        nothingIsEarlyOrLate();
    }

    @Test
    void statusAndDoctorSayThatTheClockIsOffAndWhatToDo() throws IOException {
        Path home = Files.createDirectories(folder.resolve("home"));
        Files.writeString(home.resolve("config.yaml"), "store:\n  url: \"" + url() + "\"\n");

        Cli there = Cli.at(home).environment(behind);
        there.done("list"); // makes the store, which status and doctor do not
        assertThat(there.run("status").out())
                .contains("this machine's clock is 5m behind the database's")
                .contains("NTP");
        Cli.Result doctor = there.run("doctor");
        assertThat(doctor.exit()).isEqualTo(1);
        assertThat(doctor.out())
                .contains("this machine's clock is 5m behind the database's", "timedatectl set-ntp true");
        assertThat(Cli.at(home).environment(ahead).run("status").out()).contains("5m ahead of the database's");
        assertThat(Cli.at(home).run("status").out()).doesNotContain("clock");
        assertThat(Cli.at(home).run("doctor").out()).doesNotContain("clock is");

        there.done("add", "every 1h", "--script", "x.sh", "--no-agent");
        List<?> jobs = (List<?>) there.done("list", "--json").json().get("jobs");
        Instant next = Instant.parse(String.valueOf(((Map<?, ?>) jobs.get(0)).get("next_run_at")));
        assertThat(Duration.between(right.now(), next)).isCloseTo(Duration.ofHours(1), Duration.ofMinutes(1));
    }

    private void nothingIsEarlyOrLate() {
        assertThat(fired)
                .allSatisfy(run -> assertThat(Duration.between(run.scheduledAt(), run.at()))
                        .as("%s", run)
                        .isBetween(Duration.ofMillis(-100), LATE));
    }

    private long timesOf(String node) {
        return fired.stream().filter(run -> run.node().equals(node)).count();
    }

    private static long count(Queue<CronEvent> events, String name) {
        return events.stream().filter(event -> event.name().equals(name)).count();
    }
}
