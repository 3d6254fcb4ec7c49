package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kairos.builtin.system.SystemEnvironment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three daemons on one store, each now and then killed, frozen past its lease or ended: what the jobs did is counted. */
abstract class ManyDaemonsProof {
    private static final boolean IS_SOAK = Boolean.getBoolean("kairos.soak");
    private static final long DISTURBED_MILLIS = IS_SOAK ? 180_000 : 9_000;
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final int DAEMONS = 3;
    /** Fifty a second are what two cores can do; five hundred each two seconds are more, so that most are collapsed. */
    private static final int BEATS = IS_SOAK ? 500 : 50;

    private static final int PERIOD = IS_SOAK ? 2 : 1;
    /** Behind by more a schedule stands still: all of an overloaded machine's have their turn within this. */
    private static final Duration BEHIND = Duration.ofSeconds(IS_SOAK ? 60 : 5);

    private static final int ONE_SHOTS = 10;

    @TempDir
    Path folder;

    private final Map<String, Integer> explained = new TreeMap<>();
    private final List<String> violations = new ArrayList<>();
    private ServedHome home;
    private Map<String, Instant> first;
    private Map<String, Instant> next;
    private int occurrences;
    private int repeats;

    /** The home that the daemons serve, with nothing in it. */
    abstract ServedHome home(Path folder) throws IOException;

    /** What else goes wrong, beside what happens to the daemons. */
    List<Disturbances.Trouble> troubles() {
        return List.of();
    }

    @BeforeEach
    void manyBeatsAndTheirCompany() throws IOException {
        home = home(folder);
        home.script("beat", "");
        home.script("steady", "sleep 0.4");
        home.script("slow", "sleep 1.3");
        Instant begin =
                new SystemEnvironment().now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(4);
        List<Map<String, Object>> jobs = new ArrayList<>();
        for (int i = 0; i < BEATS; i++) {
            // spread over the period, so that whenever a daemon dies it dies in the middle of something
            Instant phase = begin.plusMillis(1_000L * PERIOD * i / BEATS);
            jobs.add(job("beat-" + i, "every " + PERIOD + "s", i % 5 == 0 ? "steady" : "beat", phase));
        }
        for (String overlap : List.of("queue", "allow")) {
            Map<String, Object> job = job(overlap, "every 1s", "slow", begin);
            job.put("overlap", overlap);
            jobs.add(job);
        }
        Map<String, Object> rerun = job("rerun", "every 2s", "slow", begin);
        rerun.put("on_crash", "rerun");
        jobs.add(rerun);
        for (int i = 0; i < ONE_SHOTS; i++) {
            Instant at = begin.plusMillis(DISTURBED_MILLIS * i / ONE_SHOTS);
            jobs.add(job("once-" + i, at.toString(), i % 2 == 0 ? "beat" : "slow", at));
        }
        home.importJobs(jobs);
        first = home.nextRuns();
    }

    private static Map<String, Object> job(String id, String schedule, String script, Instant first) {
        Map<String, Object> record = ServedHome.record(id, schedule, script);
        record.put("next_run", first.toString());
        return record;
    }

    @AfterEach
    void endWhatStillRuns() {
        home.close();
    }

    @Test
    void disturbedAtRandomNothingRunsTwiceAndEveryGapIsExplained() throws Exception {
        long seed = Long.getLong("kairos.seed", 20261121L);
        System.out.println(getClass().getSimpleName() + " seed " + seed);
        Disturbances disturbances = new Disturbances(home, seed, troubles());
        disturbances.serve(DAEMONS);
        await().atMost(LONG).until(disturbances::superviseStarts);
        await().atMost(LONG).until(() -> !home.effects().isEmpty());

        disturbances.disturb(DISTURBED_MILLIS);

        await().atMost(LONG).until(disturbances::superviseStarts);
        int before = home.effects().size();
        await().atMost(LONG).until(() -> home.effects().size() > before + BEATS);
        await().atMost(LONG).until(this::areOneShotsOver);
        disturbances.daemons().forEach(ServeProcess::askToEnd);
        for (ServeProcess daemon : disturbances.daemons()) {
            daemon.awaitCleanEnd();
        }

        next = home.nextRuns();
        Instant latest = Collections.max(next.values());
        assertThat(next.values()).as("no schedule stopped").allMatch(at -> at.isAfter(latest.minus(BEHIND)));
        balance();
        System.out.printf(
                "  %d side effects, %d recurring occurrences, %s; %d admitted repeats, %d violations; not run: %s%n",
                home.effects().size(), occurrences, disturbances.figures(), repeats, violations.size(), explained);
        assertThat(violations).as("seed %d", seed).isEmpty();
    }

    private boolean areOneShotsOver() {
        String list = home.cli().done("list", "--all", "--json").out();
        return list.split("\"completed\"", -1).length - 1 >= ONE_SHOTS;
    }

    private void balance() {
        Map<String, List<Effect>> effects = home.effects().stream().collect(Collectors.groupingBy(Effect::job));
        for (int i = 0; i < BEATS; i++) {
            recurring("beat-" + i, effects, PERIOD);
        }
        recurring("queue", effects, 1);
        recurring("allow", effects, 1);
        add("rerun", Account.rerun(of("rerun", effects), home.rows("rerun"), due("rerun", 2)));
        for (int i = 0; i < ONE_SHOTS; i++) {
            String id = "once-" + i;
            add(id, Account.oneShot(of(id, effects), home.rows(id)));
        }
    }

    private void recurring(String id, Map<String, List<Effect>> effects, int seconds) {
        add(id, Account.atMostOnce(of(id, effects), home.rows(id), due(id, seconds)));
    }

    private Account.Occurrences due(String id, int seconds) {
        return new Account.Occurrences(first.get(id), next.get(id), Duration.ofSeconds(seconds));
    }

    private static List<Effect> of(String id, Map<String, List<Effect>> effects) {
        return effects.getOrDefault(id, List.of());
    }

    private void add(String id, Account account) {
        occurrences += account.occurrences();
        repeats += account.repeats();
        account.explained().forEach((why, count) -> explained.merge(why, count, Integer::sum));
        account.violations().forEach(violation -> violations.add(id + ": " + violation));
    }
}
