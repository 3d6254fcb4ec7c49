package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Scripts that ignore SIGTERM, fork and detach, under real daemons: nothing of them outlives its row. */
@EnabledOnOs(OS.LINUX)
class StubbornScriptIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    /** One of each way to get away: a child, a session of its own, a double fork, one without any open stream. */
    private static final String GET_AWAY = """
            trap '' TERM HUP INT
            stay() { trap '' TERM HUP INT; echo $BASHPID >> "$PIDS"; while :; do sleep 0.2; done; }
            export PIDS; export -f stay
            stay &
            setsid bash -c stay &
            ( ( setsid bash -c stay & ) & )
            ( setsid bash -c stay <&- >&- 2>&- & )
            stay
            """;

    private static final int PROCESSES = 5;

    @TempDir
    Path folder;

    private final Map<String, String> ids = new HashMap<>();
    private ServedHome home;
    private Path pids;
    private Path besides;

    @BeforeEach
    void aScriptThatIsStubbornTheFirstTime() throws IOException {
        home = new ServedHome(folder);
        pids = folder.resolve("pids");
        besides = folder.resolve("besides");
        Path script = home.home().resolve("scripts").resolve("stubborn.sh");
        Files.writeString(
                script,
                "PIDS='" + pids + "'\n" + ServedHome.EFFECT + "'" + home.effectsFile() + "'\n"
                        + "if [ -e \"$PIDS\" ]; then\n"
                        + "  for pid in $(cat \"$PIDS\"); do\n"
                        + "    grep -qs KAIROS_EXECUTION_ID /proc/$pid/environ && echo $pid >> '" + besides + "'\n"
                        + "  done\n"
                        + "  exit 0\n"
                        + "fi\n" + GET_AWAY);
        home.script("beat", "");
    }

    @AfterEach
    void endWhatStillRuns() {
        home.close();
        home.effects().stream()
                .flatMap(effect -> Marked.by(effect.execution()).stream())
                .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }

    private void add(String name, String... more) {
        List<String> words = new ArrayList<>(List.of("add", "--json", "--no-agent", "--name", name));
        words.addAll(List.of(more));
        Map<?, ?> job =
                (Map<?, ?>) home.cli().done(words.toArray(String[]::new)).json().get("job");
        ids.put(name, String.valueOf(job.get("id")));
    }

    private List<Effect> effectsOf(String name) {
        return home.effects().stream()
                .filter(effect -> effect.job().equals(ids.get(name)))
                .toList();
    }

    /** Its first run, once all that it starts is there. */
    private Effect awaitStubbornRun() {
        await().atMost(LONG)
                .until(() -> Files.exists(pids) && Files.readAllLines(pids).size() == PROCESSES);
        return effectsOf("stubborn").get(0);
    }

    private Row rowOf(Effect effect) {
        return home.rows("stubborn").stream()
                .filter(row -> row.id().equals(effect.execution()))
                .findFirst()
                .orElseThrow();
    }

    /** The row is looked at before the processes: had it been closed first, some of them would be seen. */
    private void isClosedOnlyOnceNothingOfItIsLeft(Effect effect, String status) {
        await().atMost(LONG).pollInterval(Duration.ofMillis(50)).until(() -> {
            boolean isClosed = !rowOf(effect).isOwned();
            if (isClosed) {
                assertThat(Marked.by(effect.execution())).as("left running").isEmpty();
            }
            return isClosed;
        });
        assertThat(rowOf(effect).status()).isEqualTo(status);
    }

    /** The run after it looked around before it did anything. */
    private void theNextRunMeetsNothingOfTheFirst() {
        await().atMost(LONG).until(() -> home.rows("stubborn").stream().anyMatch(row -> row.is("ok")));
        assertThat(effectsOf("stubborn")).hasSizeGreaterThan(1);
        assertThat(besides).doesNotExist();
    }

    private List<ServeProcess> serveTwo() throws IOException {
        List<ServeProcess> two = List.of(home.serve(), home.serve());
        await().atMost(LONG).until(() -> two.stream().allMatch(ServeProcess::isReady));
        return two;
    }

    private static ServeProcess ownerOf(Effect effect, List<ServeProcess> daemons) {
        List<Long> marked = Marked.by(effect.execution());
        return daemons.stream()
                .filter(daemon -> daemon.hasStarted(marked))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void atItsTimeoutAllOfItIsEndedAndTheNextOccurrenceIsOnTime() throws Exception {
        add("stubborn", "every 15s", "--script", "stubborn.sh", "--timeout", "1s");
        add("beat", "every 3s", "--script", "beat");
        Instant first = home.nextRuns().get(ids.get("beat"));
        ServeProcess daemon = home.serve();
        Effect effect = awaitStubbornRun();

        isClosedOnlyOnceNothingOfItIsLeft(effect, "timed_out");

        theNextRunMeetsNothingOfTheFirst();
        Effect next = effectsOf("stubborn").get(1);
        assertThat(next.scheduledAt()).isEqualTo(effect.scheduledAt().plusSeconds(15));
        assertThat(rowOf(next).reason()).as("on time").doesNotContain("late", "catch_up");

        daemon.term();
        Account.Occurrences due =
                new Account.Occurrences(first, home.nextRuns().get(ids.get("beat")), Duration.ofSeconds(3));
        Account others = Account.atMostOnce(effectsOf("beat"), home.rows("beat"), due);
        assertThat(others.violations()).isEmpty();
        assertThat(others.explained().keySet())
                .as("the beat beside it missed nothing but where it ran longer than its own period on a busy machine")
                .allMatch(why -> why.contains("overlap"));
    }

    @Test
    void whatAKilledDaemonLeftIsEndedByAPeer() throws Exception {
        add("stubborn", "every 3s", "--script", "stubborn.sh");
        List<ServeProcess> two = serveTwo();
        Effect effect = awaitStubbornRun();

        ownerOf(effect, two).kill();

        isClosedOnlyOnceNothingOfItIsLeft(effect, "unknown");
        theNextRunMeetsNothingOfTheFirst();
    }

    @Test
    void whatAKilledDaemonLeftIsEndedByTheNextOneBeforeItRunsItAgain() throws Exception {
        add("stubborn", "every 3s", "--script", "stubborn.sh", "--on-crash", "rerun");
        ServeProcess only = home.serve();
        Effect effect = awaitStubbornRun();

        only.kill();
        assertThat(Marked.by(effect.execution())).as("orphans").hasSizeGreaterThanOrEqualTo(PROCESSES);
        home.serve();

        isClosedOnlyOnceNothingOfItIsLeft(effect, "unknown");
        theNextRunMeetsNothingOfTheFirst();
        Effect again = effectsOf("stubborn").get(1);
        assertThat(again.scheduledAt()).isEqualTo(effect.scheduledAt());
        assertThat(rowOf(again).attempt()).isEqualTo(2);
    }

    @Test
    void whatAFrozenDaemonRunsIsEndedByAPeerAndItsLateWordIsRefused() throws Exception {
        add("stubborn", "every 3s", "--script", "stubborn.sh");
        List<ServeProcess> two = serveTwo();
        Effect effect = awaitStubbornRun();
        ServeProcess owner = ownerOf(effect, two);

        owner.freeze();
        isClosedOnlyOnceNothingOfItIsLeft(effect, "unknown");
        owner.thaw();

        await().atMost(LONG).until(() -> home.log().contains("cron.stale-completion"));
        theNextRunMeetsNothingOfTheFirst();
        assertThat(rowOf(effect).status()).isEqualTo("unknown");
    }
}
