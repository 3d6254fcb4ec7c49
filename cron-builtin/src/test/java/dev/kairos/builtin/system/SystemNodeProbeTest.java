package dev.kairos.builtin.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kairos.api.env.ChildProcess;
import dev.kairos.api.env.NodeIdentity;
import dev.kairos.api.env.NodeProbe;
import dev.kairos.api.env.NodeProbe.Liveness;
import dev.kairos.api.env.ProcessSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class SystemNodeProbeTest {
    private static final Path PROC = Path.of("/proc");

    private final SystemEnvironment machine = new SystemEnvironment();
    private final NodeProbe probe = machine.nodeProbe();

    private NodeIdentity like(long pid, long ticks) {
        NodeIdentity self = probe.self();
        return NodeIdentity.builder(self.bootId(), pid, "other")
                .pidNamespace(self.pidNamespace())
                .startTicks(ticks)
                .build();
    }

    @Test
    void thisProcessKnowsItself() {
        NodeIdentity self = probe.self();
        assertThat(self.bootId()).matches("[0-9a-f-]{36}");
        assertThat(self.pidNamespace()).matches("pid:\\[[0-9]+]");
        assertThat(self.pid()).isEqualTo(ProcessHandle.current().pid());
        assertThat(self.startTicks()).isPositive();
        assertThat(self.id()).matches("[0-9]+-[0-9a-f]{16}");
        assertThat(probe.self()).isSameAs(self);
        assertThat(probe.livenessOf(self)).isEqualTo(Liveness.ALIVE);
        assertThat(new SystemEnvironment().nodeProbe().self().nonce()).isNotEqualTo(self.nonce());
    }

    @Test
    void anotherProcessIsFoundByPidAndStart() throws Exception {
        ChildProcess child =
                machine.processes().start(new ProcessSpec(List.of("/bin/sleep", "300"), Path.of("/"), Map.of(), 100));
        long ticks = ProcStat.read(PROC, child.pid()).orElseThrow().startTicks();
        assertThat(probe.livenessOf(like(child.pid(), ticks))).isEqualTo(Liveness.ALIVE);
        assertThat(probe.livenessOf(like(child.pid(), ticks + 1)))
                .as("a reused process id")
                .isEqualTo(Liveness.DEAD);
        child.killTree(Duration.ZERO);
        assertThat(child.await(Duration.ofSeconds(30))).isTrue();
        assertThat(probe.livenessOf(like(child.pid(), ticks))).isEqualTo(Liveness.DEAD);
    }

    @Test
    void aProcessThatASignalHoldsIsStoppedAndNotDead() throws Exception {
        ChildProcess child =
                machine.processes().start(new ProcessSpec(List.of("/bin/sleep", "300"), Path.of("/"), Map.of(), 100));
        NodeIdentity node =
                like(child.pid(), ProcStat.read(PROC, child.pid()).orElseThrow().startTicks());
        signal("-STOP", child.pid());
        await().atMost(Duration.ofSeconds(30)).until(() -> probe.livenessOf(node) == Liveness.STOPPED);
        signal("-CONT", child.pid());
        await().atMost(Duration.ofSeconds(30)).until(() -> probe.livenessOf(node) == Liveness.ALIVE);
        child.killTree(Duration.ZERO);
    }

    private static void signal(String name, long pid) throws Exception {
        assertThat(new ProcessBuilder("kill", name, Long.toString(pid)).start().waitFor())
                .isZero();
    }

    @Test
    void ofAnotherBootOrNamespaceNothingIsKnown() {
        NodeIdentity self = probe.self();
        assertThat(probe.livenessOf(NodeIdentity.builder("x", 1, "n")
                        .pidNamespace(self.pidNamespace())
                        .startTicks(1)
                        .build()))
                .isEqualTo(Liveness.UNKNOWN);
        assertThat(probe.livenessOf(NodeIdentity.builder(self.bootId(), 1, "n")
                        .pidNamespace("pid:[1]")
                        .startTicks(1)
                        .build()))
                .isEqualTo(Liveness.UNKNOWN);
        assertThat(probe.livenessOf(NodeIdentity.builder(self.bootId(), 1, "n")
                        .startTicks(1)
                        .build()))
                .isEqualTo(Liveness.UNKNOWN);
    }

    @Test
    void withoutProcTheIdentityIsAStandInThatNobodyShares(@TempDir Path empty) {
        NodeProbe one = new SystemNodeProbe(() -> 1, empty);
        NodeProbe two = new SystemNodeProbe(() -> 2, empty);
        assertThat(one.self().pidNamespace()).isEmpty();
        assertThat(one.self().bootId()).isNotEqualTo(two.self().bootId());
        assertThat(one.livenessOf(two.self())).isEqualTo(Liveness.UNKNOWN);
        assertThat(one.livenessOf(one.self())).isEqualTo(Liveness.ALIVE);
    }

    @Test
    void whereOthersAreHiddenAbsenceProvesNothing(@TempDir Path proc) throws IOException {
        Files.createDirectories(proc.resolve("sys/kernel/random"));
        Files.writeString(proc.resolve("sys/kernel/random/boot_id"), "boot\n");
        Files.createDirectories(proc.resolve("self/ns"));
        Files.createSymbolicLink(proc.resolve("self/ns/pid"), Path.of("pid:[7]"));
        long pid = ProcessHandle.current().pid();
        Files.createDirectories(proc.resolve(Long.toString(pid)));
        Files.copy(PROC.resolve("self/stat"), proc.resolve(pid + "/stat"));
        NodeProbe hidden = new SystemNodeProbe(() -> 1, proc);
        NodeIdentity other = NodeIdentity.builder("boot", 999_999_999L, "n")
                .pidNamespace("pid:[7]")
                .startTicks(5)
                .build();
        assertThat(hidden.self().bootId()).isEqualTo("boot");
        assertThat(hidden.livenessOf(other)).isEqualTo(Liveness.UNKNOWN);
        Files.createDirectories(proc.resolve("1"));
        Files.writeString(proc.resolve("1/stat"), "1 (init) S");
        assertThat(hidden.livenessOf(other)).isEqualTo(Liveness.DEAD);
    }

    @Test
    void aProgramsNameMayHoldAnything() {
        String rest = " S 1 42 43 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 123456 1 1";
        for (String name : List.of("sleep", "a b", ") S 1 2 3", "((", "")) {
            assertThat(ProcStat.parse("7 (" + name + ")" + rest)).hasValueSatisfying(stat -> {
                assertThat(stat.group()).isEqualTo(42);
                assertThat(stat.session()).isEqualTo(43);
                assertThat(stat.startTicks()).isEqualTo(123_456);
                assertThat(stat.isDead()).isFalse();
            });
        }
        assertThat(ProcStat.parse("")).isEmpty();
        assertThat(ProcStat.parse("7 (x) S 1")).isEmpty();
        assertThat(ProcStat.parse("7 (x)" + rest.replace("43", "x"))).isEmpty();
    }
}
