package dev.kairos.builtin.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kairos.api.env.ChildProcess;
import dev.kairos.api.env.LeftoverScope;
import dev.kairos.api.env.ProcessSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Real processes. */
@EnabledOnOs(OS.LINUX)
class SystemProcessesTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final SystemEnvironment machine = new SystemEnvironment();

    private ChildProcess start(int limit, Map<String, String> extra, String... command) throws IOException {
        Map<String, String> environment = new HashMap<>(Map.of("PATH", "/usr/bin:/bin"));
        environment.putAll(extra);
        return machine.processes().start(new ProcessSpec(List.of(command), folder, environment, limit));
    }

    private ChildProcess bash(String script) throws IOException {
        return start(1_000_000, Map.of(), "bash", "-c", script);
    }

    @Test
    void outputExitCodeAndEmptyInputAreAsTheChildLeftThem() throws Exception {
        ChildProcess child = bash("cat; echo out; echo err >&2; exit 3");
        assertThat(child.await(LONG)).isTrue();
        assertThat(child.exitCode()).isEqualTo(3);
        assertThat(child.stdout()).isEqualTo("out\n");
        assertThat(child.stderr()).isEqualTo("err\n");
    }

    @Test
    void theEnvironmentIsExactlyWhatWasGiven() throws Exception {
        ChildProcess child = start(10_000, Map.of("ONE", "1"), "/usr/bin/env");
        assertThat(child.await(LONG)).isTrue();
        assertThat(child.stdout().lines()).containsExactlyInAnyOrder("PATH=/usr/bin:/bin", "ONE=1");
    }

    @Test
    void aDeathBySignalIsSeenInTheExitCode() throws Exception {
        ChildProcess child = bash("kill -SEGV $$");
        assertThat(child.await(LONG)).isTrue();
        assertThat(child.exitCode()).isEqualTo(128 + 11);
    }

    @Test
    void theMiddleOfLongOutputIsCutAndSaidSo() throws Exception {
        ChildProcess child =
                start(1_000, Map.of(), "bash", "-c", "echo first; head -c 3000000 /dev/zero | tr '\\0' x; echo last");
        assertThat(child.await(LONG)).isTrue();
        assertThat(child.stdout())
                .startsWith("first\n")
                .endsWith("last\n")
                .contains("bytes cut here")
                .hasSizeLessThan(1_100);
        assertThat(child.exitCode()).isZero();
    }

    @Test
    void outputThatIsNoTextDoesNoHarm() throws Exception {
        ChildProcess child = bash("printf '\\377\\376a\\000b'");
        assertThat(child.await(LONG)).isTrue();
        assertThat(child.stdout()).isEqualTo("\uFFFD\uFFFDa\0b");
    }

    @Test
    void whatCannotBeStartedIsNamed() throws IOException {
        assertThatThrownBy(() -> start(10, Map.of(), "no-such-program"))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("no-such-program")
                .hasMessageContaining("PATH=/usr/bin:/bin");
        Path notExecutable = Files.writeString(folder.resolve("plain"), "x");
        assertThatThrownBy(() -> start(10, Map.of(), notExecutable.toString()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("chmod u+x");
        ProcessSpec nowhere = new ProcessSpec(List.of("true"), folder.resolve("gone"), Map.of(), 10);
        assertThatThrownBy(() -> machine.processes().start(nowhere))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("working folder");
    }

    @Test
    void aPoliteProcessEndsAtTerm() throws Exception {
        ChildProcess child = bash("trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 0.05; done");
        await().atMost(LONG).until(() -> child.stdout().contains("ready"));
        child.killTree(LONG);
        assertThat(child.exitCode()).isEqualTo(7);
        assertThat(child.stdout()).contains("bye");
    }

    @Test
    void nothingOfATreeThatHidesAndIgnoresTermIsLeft() throws Exception {
        Path pids = folder.resolve("pids");
        String sleeper = "trap '' TERM HUP; echo $$ >> " + pids + "; while :; do sleep 0.2; done";
        Path script = Files.writeString(folder.resolve("sleeper.sh"), sleeper);
        String run = "bash " + script;
        ChildProcess child = start(
                1_000,
                Map.of("KAIROS_EXECUTION_ID", "0123456789abcdef"),
                "bash",
                "-c",
                "trap '' TERM; " + run + " & nohup " + run + " & setsid " + run + " & ( setsid bash -c '" + run
                        + " & exit' & ) ; ( ( " + run + " & ) & ) ; " + run);
        await().atMost(LONG)
                .until(() -> Files.exists(pids) && Files.readAllLines(pids).size() == 6);
        List<Long> all = Files.readAllLines(pids).stream().map(Long::valueOf).toList();
        child.killTree(Duration.ofMillis(200));
        assertThat(all).noneMatch(SystemProcessesTest::isRunning);
        assertThat(child.await(Duration.ZERO)).isTrue();
        assertThat(child.exitCode()).isEqualTo(128 + 9);
        child.killTree(Duration.ZERO);
    }

    @Test
    void whatOutlivesItsParentIsEndedToo() throws Exception {
        Path pids = folder.resolve("pids");
        ChildProcess child = bash("(trap '' TERM; echo $BASHPID > " + pids + "; exec sleep 300) >/dev/null 2>&1 & "
                + "while [ ! -s " + pids + " ]; do sleep 0.02; done");
        assertThat(child.await(LONG)).isTrue();
        long orphan = Long.parseLong(Files.readString(pids).strip());
        assertThat(isRunning(orphan)).isTrue();
        child.killTree(Duration.ofMillis(50));
        assertThat(isRunning(orphan)).isFalse();
    }

    @Test
    void whatADeadHostLeftBehindIsFoundByItsExecution() throws Exception {
        ChildProcess mine = start(
                100,
                Map.of("KAIROS_EXECUTION_ID", "feedfeedfeedfeed"),
                "bash",
                "-c",
                "trap '' TERM; setsid sleep 300 & sleep 300; sleep 300");
        ChildProcess others = start(100, Map.of("A", "KAIROS_EXECUTION_ID=feedfeedfeedfeed"), "sleep", "300");
        awaitMarked("feedfeedfeedfeed", 3);
        assertThat(machine.processes().endLeftovers(Set.of(), folder, LONG)).isZero();
        assertThat(machine.processes().endLeftovers(Set.of("feedfeedfeedfeed", "x"), folder, Duration.ofMillis(100)))
                .isGreaterThanOrEqualTo(3);
        assertThat(mine.await(LONG)).isTrue();
        assertThat(others.await(Duration.ZERO)).isFalse();
        assertThat(machine.processes().endLeftovers(Set.of("feedfeedfeedfeed"), folder, LONG))
                .isZero();
        others.killTree(Duration.ZERO);
    }

    @Test
    void whatRunsForTheHomeThatThisOneWasCopiedFromIsLeftAlone() throws Exception {
        Path original = Files.createDirectories(folder.resolve("original/cron/state/job"));
        Path copy = Files.createDirectories(folder.resolve("copy"));
        ChildProcess theirs = start(
                100,
                Map.of("KAIROS_EXECUTION_ID", "c0ffeec0ffeec0ff", "KAIROS_STATE_DIR", original.toString()),
                "sleep",
                "300");
        awaitMarked("c0ffeec0ffeec0ff", 1);
        Set<String> execution = Set.of("c0ffeec0ffeec0ff");
        assertThat(machine.processes().endLeftovers(execution, copy, Duration.ofMillis(100)))
                .isZero();
        assertThat(theirs.await(Duration.ZERO)).isFalse();
        assertThat(machine.processes().endLeftovers(execution, folder.resolve("original"), LONG))
                .isPositive();
        assertThat(theirs.await(LONG)).isTrue();
    }

    @Test
    void whatRanForAnotherHomeOfTheSameStoreIsEndedAndNothingOfAnotherStore() throws Exception {
        Path other = Files.createDirectories(folder.resolve("other/cron/state/job"));
        Path home = Files.createDirectories(folder.resolve("home"));
        List<ChildProcess> theirs = new ArrayList<>();
        for (Map<String, String> mark : List.of(
                Map.of("KAIROS_STORE", "0a1b2c3d"), Map.of("KAIROS_STORE", "0a1b2c3dd"), Map.<String, String>of())) {
            Map<String, String> variables = new HashMap<>(mark);
            variables.put("KAIROS_EXECUTION_ID", "beefbeefbeefbeef");
            variables.put("KAIROS_STATE_DIR", other.toString());
            theirs.add(start(100, variables, "sleep", "300"));
        }
        awaitMarked("beefbeefbeefbeef", theirs.size());
        Set<String> execution = Set.of("beefbeefbeefbeef");

        assertThat(end(execution, home, Optional.empty())).isZero();
        assertThat(end(execution, home, Optional.of("another"))).isZero();
        assertThat(theirs).noneMatch(SystemProcessesTest::hasEnded);

        assertThat(end(execution, home, Optional.of("0a1b2c3d"))).isPositive();
        assertThat(theirs.get(0).await(LONG)).isTrue();
        assertThat(theirs.subList(1, 3)).noneMatch(SystemProcessesTest::hasEnded);

        assertThat(end(execution, folder.resolve("other"), Optional.of("another")))
                .as("its own home's, whatever the store")
                .isPositive();
        assertThat(theirs.get(1).await(LONG)).isTrue();
        assertThat(theirs.get(2).await(LONG)).isTrue();
    }

    @Test
    void whereNobodyCanSayWhichHomeAProcessIsOfItsStoreDecides() throws Exception {
        Path home = Files.createDirectories(folder.resolve("home"));
        Map<String, String> elsewhere =
                Map.of("KAIROS_EXECUTION_ID", "fadefadefadefade", "KAIROS_STATE_DIR", "/no/such/mount/cron/state/job");
        Map<String, String> unsaid = Map.of("KAIROS_EXECUTION_ID", "fadefadefadefade");
        List<ChildProcess> ofAnother = new ArrayList<>();
        List<ChildProcess> ofNone = new ArrayList<>();
        for (Map<String, String> mark : List.of(elsewhere, unsaid)) {
            Map<String, String> variables = new HashMap<>(mark);
            ofNone.add(start(100, variables, "sleep", "300"));
            variables.put("KAIROS_STORE", "0a1b2c3d");
            ofAnother.add(start(100, variables, "sleep", "300"));
        }
        awaitMarked("fadefadefadefade", 4);
        Set<String> execution = Set.of("fadefadefadefade");

        assertThat(end(execution, home, Optional.of("another"))).isEqualTo(2);
        assertThat(ofAnother).noneMatch(SystemProcessesTest::hasEnded);
        for (ChildProcess child : ofNone) {
            assertThat(child.await(LONG)).isTrue();
        }

        assertThat(end(execution, home, Optional.empty())).isEqualTo(2);
        for (ChildProcess child : ofAnother) {
            assertThat(child.await(LONG)).isTrue();
        }
    }

    private static void awaitMarked(String execution, int processes) {
        await().atMost(LONG)
                .until(() -> ProcessHandle.allProcesses()
                                .filter(process -> ExecutionMark.of(process.pid())
                                        .filter(execution::equals)
                                        .isPresent())
                                .count()
                        >= processes);
    }

    private int end(Set<String> executions, Path home, Optional<String> storePlace) {
        return machine.processes().endLeftovers(executions, new LeftoverScope(home, storePlace), LONG);
    }

    private static boolean hasEnded(ChildProcess child) {
        try {
            return child.await(Duration.ZERO);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void withoutSetsidDescendantsAreEnded() throws Exception {
        Path pids = folder.resolve("pids");
        String sleeper = "(trap '' TERM; echo $BASHPID >> " + pids + "; exec sleep 300) & ";
        ProcessSpec spec = new ProcessSpec(
                List.of("bash", "-c", sleeper + sleeper + "wait"), folder, Map.of("PATH", "/usr/bin:/bin"), 100);
        for (String candidate : List.of("/no/setsid", "/bin/false")) {
            Files.deleteIfExists(pids);
            ChildProcess child = new SystemProcesses(new SystemThreads(), List.of(candidate)).start(spec);
            await().atMost(LONG)
                    .until(() -> Files.exists(pids) && Files.readAllLines(pids).size() == 2);
            List<Long> all =
                    Files.readAllLines(pids).stream().map(Long::valueOf).toList();
            child.killTree(Duration.ofMillis(50));
            assertThat(all).noneMatch(SystemProcessesTest::isRunning);
            assertThat(child.await(LONG)).isTrue();
        }
    }

    @Test
    void anInterruptNeitherCutsAKillShortNorGetsLost() throws Exception {
        ChildProcess child = bash("trap '' TERM; echo ready; while :; do sleep 0.05; done");
        await().atMost(LONG).until(() -> child.stdout().contains("ready"));
        Thread.currentThread().interrupt();
        child.killTree(Duration.ofMillis(100));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(child.exitCode()).isEqualTo(128 + 9);
    }

    @Test
    void aHeldPipeDoesNotHoldTheEnd() throws Exception {
        ChildProcess child = bash("sleep 300 & echo done");
        assertThat(child.await(LONG)).isTrue();
        assertThat(child.stdout()).isEqualTo("done\n");
        child.killTree(Duration.ZERO);
    }

    @Test
    void aCaptureKeepsWholeCharactersAtEachCut() {
        for (int limit = 1; limit < 40; limit++) {
            Capture capture = new Capture(limit);
            for (int i = 0; i < 30; i++) {
                byte[] euro = "\u20ac".getBytes(StandardCharsets.UTF_8);
                capture.add(euro, euro.length);
            }
            assertThat(capture.text())
                    .as("limit %d", limit)
                    .doesNotContain("\uFFFD")
                    .contains("bytes cut here");
        }
    }

    @Test
    void aCaptureUpToItsLimitIsWhole() {
        byte[] bytes = new byte[100];
        Arrays.fill(bytes, (byte) 'a');
        for (int chunk : new int[] {1, 7, 50, 100}) {
            Capture capture = new Capture(100);
            for (int from = 0; from < 100; from += chunk) {
                capture.add(bytes, Math.min(chunk, 100 - from));
            }
            assertThat(capture.text()).isEqualTo("a".repeat(100));
        }
    }

    private static boolean isRunning(long pid) {
        return ProcStat.read(Path.of("/proc"), pid).map(stat -> !stat.isDead()).orElse(false);
    }
}
