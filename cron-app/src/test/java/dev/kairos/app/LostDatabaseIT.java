package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon whose PostgreSQL is taken away for a while, as who looks after it sees it. */
class LostDatabaseIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration OUTAGE = Duration.ofSeconds(20);
    /** In which each command answers, and the return is noticed. */
    private static final Duration BOUND = Duration.ofSeconds(15);

    @TempDir
    Path folder;

    @TempDir
    Path data;

    private PostgresServer postgres;
    private ServedHome home;

    @BeforeEach
    void aHomeOnAServer() throws IOException {
        postgres = PostgresServer.in(data);
        home = ServedHome.sharing(folder, postgres.url(), 1);
        home.script("beat", "");
        home.script(
                "long",
                "while [ ! -e '" + folder.resolve("enough") + "' ]; do sleep 0.2; done; echo it ran to its end");
    }

    @AfterEach
    void endThem() throws IOException {
        home.close();
        postgres.close();
    }

    @Test
    void aLostDatabaseIsSaidAndGotOverAndLosesNothing() throws Exception {
        home.importJobs(List.of(
                ServedHome.record("beat", "every 1s", "beat"),
                ServedHome.record("long", "every 1h", "long"),
                skipping("choosy")));
        ServeProcess daemon = home.serve();
        await().atMost(LONG).until(() -> ran("beat") > 2 && ran("choosy") > 2);
        home.cli().done("run", "long");
        await().atMost(LONG).until(() -> ran("long") == 1);

        postgres.stop();
        Instant lost = Instant.now();
        await().atMost(BOUND).until(() -> home.cli().run("status").out().contains("since"));
        commandsSayWhatIsWrongWithinTheirBound(lost);
        int before = home.effects().size();
        Files.createFile(folder.resolve("enough"));
        daemon.runFor(OUTAGE.minus(Duration.between(lost, Instant.now())).toMillis());
        assertThat(daemon.isAlive()).isTrue();
        assertThat(home.effects()).as("nothing starts without a claim").hasSize(before);
        theLogSaysItWithoutAFlood();

        postgres.start();
        Instant back = Instant.now();
        await().atMost(BOUND).until(() -> ran("beat") + ran("choosy") + ran("long") > before);
        await().atMost(BOUND).until(() -> home.cli().run("status").exit() == 0);
        Duration untilHealthy = Duration.between(back, Instant.now());
        assertThat(home.cli().run("status").out()).startsWith("healthy").doesNotContain("not answered");
        whatRanIsRecorded();
        whatWasMissedFollowsItsPolicy(lost, back);
        assertThat(home.log()).contains("works again").contains("cron.ticker-recovered");

        for (String job : List.of("beat", "choosy")) { // a run that ended unrecorded would rightly be waited for
            home.cli().done("pause", job);
        }
        await().atMost(BOUND).until(() -> home.rows().stream().noneMatch(Row::isOwned));
        postgres.stop();
        await().atMost(BOUND).until(() -> home.cli().run("status").out().contains("since"));
        Instant asked = Instant.now();
        daemon.term();
        Duration untilEnded = Duration.between(asked, Instant.now());
        assertThat(untilEnded).as("nothing is in hand").isLessThan(Duration.ofSeconds(30));
        System.out.printf("LostDatabaseIT healthy %s after the return, ended in %s%n", untilHealthy, untilEnded);
    }

    private static Map<String, Object> skipping(String id) {
        Map<String, Object> record = ServedHome.record(id, "every 1s", "beat");
        record.put("misfire", Map.of("policy", "skip", "grace", "1s"));
        return record;
    }

    private long ran(String job) {
        return home.effects().stream()
                .filter(effect -> effect.job().equals(job))
                .count();
    }

    private void commandsSayWhatIsWrongWithinTheirBound(Instant lost) throws Exception {
        Instant asked = Instant.now();
        Path said = folder.resolve("status.log"); // as a person's own process, with the log of the home
        ServeProcess status = ServeProcess.of(home.home(), said, "status");
        assertThat(status.awaitEnd()).isEqualTo(1);
        assertThat(Duration.between(asked, Instant.now())).isLessThan(BOUND);
        assertThat(status.said())
                .startsWith("not healthy")
                .contains("cannot be reached (Connection to localhost:", ", since ", "check that the server runs")
                .contains("node ", "alive", "its store has not answered since", "it goes on trying")
                .doesNotContain("Exception", "\tat ");
        Map<?, ?> told = (Map<?, ?>) home.cli().run("status", "--json").json().get("store_lost");
        assertThat(Instant.parse(String.valueOf(told.get("since"))))
                .isBetween(lost.minusSeconds(5), lost.plusSeconds(1));
        assertThat(String.valueOf(told.get("do"))).contains("check that the server runs");

        Cli.Result doctor = home.cli().run("doctor");
        assertThat(doctor.exit()).isEqualTo(1);
        assertThat(doctor.out())
                .contains("cannot be reached", "the daemon here has had no answer since", "check that the server runs");
        home.cli().run("list").refusedPlainly(1);
    }

    private void theLogSaysItWithoutAFlood() throws IOException {
        List<String> lines = home.log().lines().toList();
        assertThat(lines).noneMatch(line -> line.startsWith("\tat "));
        assertThat(lines.stream().filter(line -> line.contains("cannot be reached")))
                .as("of %s of silence", OUTAGE)
                .hasSizeBetween(2, 10);
        assertThat(home.log()).contains("cron.ticker-failing", "cron.lease-store");
    }

    private void whatRanIsRecorded() {
        assertThat(home.rows("long")).singleElement().satisfies(row -> {
            assertThat(row.status()).isEqualTo("ok");
            assertThat(row.attempt()).isEqualTo(1);
        });
        assertThat(ran("long")).isEqualTo(1);
        assertThat(home.cli().done("output", "long").out()).contains("it ran to its end");
    }

    /** Each second of the outage is in one row: of the one run that makes up for them, or of a skip. */
    private void whatWasMissedFollowsItsPolicy(Instant lost, Instant back) throws IOException {
        int least = (int) Duration.between(lost, back).toSeconds() - 2;
        await().atMost(BOUND).until(() -> home.rows("beat").stream().anyMatch(row -> missed(row) >= least));
        await().atMost(BOUND).until(() -> home.rows("choosy").stream().anyMatch(row -> missed(row) >= least));
        assertThat(home.rows("beat"))
                .filteredOn(row -> missed(row) >= least)
                .singleElement()
                .satisfies(row -> {
                    // what was claimed just before the outage begins now: what was missed since overlaps with it
                    boolean isBesideTheLastClaim =
                            row.is("skipped") && row.reason().contains("overlap") && isBegunAfter(back, row);
                    assertThat(row.is("ok") || row.isOwned() || isBesideTheLastClaim)
                            .as("%s", row)
                            .isTrue();
                });
        assertThat(home.rows("choosy"))
                .filteredOn(row -> missed(row) >= least)
                .singleElement()
                .satisfies(row -> assertThat(row.status()).isEqualTo("skipped"));
        assertThat(starts("choosy"))
                .as("what was claimed just before the outage is judged when the store answers")
                .hasSizeGreaterThan(3)
                .allMatch(start ->
                        Duration.between(start.scheduledAt(), start.at()).compareTo(OUTAGE.dividedBy(2)) < 0);
        assertThat(home.effects().stream().map(effect -> effect.job() + effect.scheduledAt()))
                .doesNotHaveDuplicates();
    }

    /** Whether the last occurrence before those that the row speaks for began after the return. */
    private boolean isBegunAfter(Instant back, Row row) throws IOException {
        Instant last = row.missed().orElseThrow().from().minusSeconds(1);
        return starts("beat").stream()
                .anyMatch(
                        start -> start.scheduledAt().equals(last) && start.at().isAfter(back.minusSeconds(5)));
    }

    private record Start(Instant scheduledAt, Instant at) {}

    /** The runs of the job that began, as the log has them. */
    private List<Start> starts(String job) throws IOException {
        Pattern started = Pattern.compile("(?m)^(\\S+) .*cron\\.run-started job=" + job + " .*scheduled_at=(\\S+)");
        return started.matcher(home.log())
                .results()
                .map(line -> new Start(Instant.parse(line.group(2)), Instant.parse(line.group(1))))
                .toList();
    }

    private static long missed(Row row) {
        return row.missed().map(Row.Span::count).orElse(0L);
    }
}
