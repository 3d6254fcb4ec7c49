package dev.kairos.provider.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.builtin.ProviderStatus;
import dev.kairos.orchestrator.jobs.JobOperations;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What pulls the trigger is gone for an hour: a database that refuses, a portal that answers 503, a crontab command that
 * fails. Nothing is lost and nothing doubled; the rows say who stood in, and the status says why.
 */
class EngineDownTest {
    private static final String DAY = "2027-01-15T";
    private static final Duration PACE = Duration.ofMillis(150);
    private static final Duration NUDGE = Duration.ofSeconds(2);

    /** Lost at 00:31, back at 01:45; whoever is first at 02:30, while both fire, has it. */
    private static List<String> table(String provider) {
        return List.of(
                "always 00:30 1 ok by " + provider,
                "always 01:30 1 ok by backstop",
                "always 02:30 1 ok",
                "always 03:30 1 ok by " + provider,
                "late 02:30 1 ok",
                "late 03:30 1 ok by " + provider,
                "later 02:30 1 ok",
                "later 03:30 1 ok by " + provider,
                "made meanwhile 01:40 1 ok by tick");
    }

    /** Cron itself goes on with the lines it has; what it calls is a process of its own, which leaves word of its return. */
    private static final List<String> CRONTAB = List.of(
            "always 00:30 1 ok by fire",
            "always 01:30 1 ok by fire",
            "always 02:30 1 ok",
            "always 03:30 1 ok by fire",
            "late 02:30 1 ok",
            "late 03:30 1 ok by fire",
            "later 02:30 1 ok",
            "later 03:30 1 ok by fire",
            "made meanwhile 01:40 1 ok by backstop");

    @TempDir
    Path folder;

    @Test
    void whatTheEngineLeavesLyingIsClaimedByTheHostUntilItIsBack() throws Exception {
        Map<String, List<String>> expected = Map.of(
                "quartz", table("quartz"),
                "db-scheduler", table("db-scheduler"),
                "chronos", table("chronos"),
                "crontab", CRONTAB);
        assertThat(SideBySide.tell(List.copyOf(expected.keySet()), folder, EngineDownTest::story))
                .isEqualTo(expected);
    }

    private static List<String> story(Backend backend, MovedMachine time, Path home) throws Exception {
        Notes notes = new Notes();
        Map<String, String> settings = new HashMap<>(backend.settings());
        settings.put("cron.backstop", "1m");
        time.set(Instant.parse(DAY + "00:25:00Z"));
        try (Node node = new Node(time, home, backend.provider(), settings, notes)) {
            JobOperations jobs = node.open().jobs();
            jobs.create(Node.job("always", Node.utc("30 * * * *")));
            jobs.create(Node.job("late", Node.utc("30 2-5 * * *")));
            jobs.create(Node.job("later", Node.utc("30 2-5 * * *")));
            node.start();
            passTo(time, "00:30");
            has(node, "always 00:30 1 ok");
            node.await("armed for the next", () -> backend.hasArmed(node.due()));

            backend.lose();
            jobs.create(Node.job("made meanwhile", Node.utc("40 1 * * *")));
            time.pass(Duration.ofMinutes(11));
            nudge(node, time, "failing", () -> health(node).equals("failing"));
            passTo(time, "01:30");
            nudge(node, time, "01:30", () -> node.rows().contains("always 01:30 1 ok"));
            passTo(time, "01:40");
            nudge(node, time, "01:40", () -> node.rows().contains("made meanwhile 01:40 1 ok"));
            node.await("deaf", () -> status(node).state().equals("deaf"));
            assertThat(status(node).coveredBecause()).as("said").isPresent();
            assertThat(status(node).notes().healthDetail()).as("and why").isPresent();

            backend.mend();
            time.pass(Duration.ofMinutes(11));
            nudge(node, time, "healthy", () -> health(node).equals("healthy"));
            node.await("armed anew", () -> backend.hasArmed(node.due()));
            passTo(time, "02:30");
            has(node, "always 02:30 1 ok", "late 02:30 1 ok", "later 02:30 1 ok");
            awaitReturn(node, time, backend);
            node.await("armed for the next", () -> backend.hasArmed(node.due()));
            passTo(time, "03:30");
            has(node, "always 03:30 1 ok", "late 03:30 1 ok", "later 03:30 1 ok");
            assertThat(notes.effects()).doesNotHaveDuplicates();
            assertThat(notes.effects()).filteredOn(EngineDownTest::isTold).hasSize(9);
            return node.rowsWithSource().stream()
                    .filter(EngineDownTest::isTold)
                    .map(row -> row.contains(" 02:30 ") ? row.substring(0, row.indexOf(" by ")) : row)
                    .toList();
        }
    }

    /** Three attempts on time, and it has its trigger back: a job of each minute gives it the occasion. */
    private static void awaitReturn(Node node, MovedMachine time, Backend backend) {
        node.present().jobs().create(Node.job("beat", Node.utc("* * * * *")));
        for (int i = 31; i < 55 && !status(node).state().equals("armed"); i++) {
            node.await("armed for the next", () -> backend.hasArmed(node.due()));
            passTo(time, "02:" + i);
            has(node, "beat 02:" + i + " 1 ok");
        }
        node.present().jobs().remove("beat");
        assertThat(status(node).state()).as("handed back").isEqualTo("armed");
        assertThat(status(node).coveredBecause()).isEmpty();
    }

    private static boolean isTold(String row) {
        return !row.startsWith("beat");
    }

    private static ProviderStatus status(Node node) {
        return node.present().status().provider();
    }

    private static String health(Node node) {
        return status(node).notes().health().orElse("");
    }

    private static void has(Node node, String... rows) {
        node.await(String.join(", ", rows), () -> node.rows().containsAll(List.of(rows)) && node.isQuiet());
    }

    /** All the time until just before the instant passes at once; then it comes. */
    private static void passTo(MovedMachine time, String at) {
        Instant before = Instant.parse(DAY + at + ":00Z").minusMillis(1_200);
        time.pass(Duration.between(time.now(), before));
    }

    /** Time passes some ten times as fast, and not faster: what is asked meanwhile has its bounds. */
    private static void nudge(Node node, MovedMachine time, String what, Callable<Boolean> isDone) {
        Duration[] next = {time.machineUptime().plusSeconds(1)};
        node.await(what, () -> {
            if (isDone.call()) {
                return true;
            }
            if (time.machineUptime().compareTo(next[0]) > 0) {
                next[0] = time.machineUptime().plus(PACE);
                time.pass(NUDGE);
            }
            return false;
        });
    }
}
