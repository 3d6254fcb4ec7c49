package dev.kairos.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.store.StoreException;
import dev.kairos.orchestrator.memory.MemoryStore;
import dev.kairos.testkit.InterceptedStore;
import dev.kairos.testkit.ManualEnvironment;
import dev.kairos.testkit.StoreHook;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A store whose lock somebody holds, and who that is. */
class StoreCheckupTest {
    private static final Path PROC = Path.of("/proc");

    @TempDir
    Path folder;

    private final ManualEnvironment environment = new ManualEnvironment(Instant.parse("2027-01-15T09:00:00Z"));

    private List<Finding> findings(Duration wait, Optional<StoreException> refusal, Path file) {
        StoreHook hook = new StoreHook() {
            @Override
            public void before(Write write) {
                environment.advance(wait);
                refusal.ifPresent(e -> {
                    throw e;
                });
            }
        };
        List<Finding> findings = new ArrayList<>();
        new StoreCheckup(new InterceptedStore(new MemoryStore(environment), hook), environment, Optional.of(file), PROC)
                .look(findings);
        return findings;
    }

    @Test
    void aShortWaitIsNoTrouble() {
        assertThat(findings(Duration.ofSeconds(5), Optional.empty(), folder.resolve("state.db")))
                .isEmpty();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aLongWaitNamesWhoHoldsTheLockAndItsState() throws IOException {
        Path file = Files.writeString(folder.resolve("state.db"), "");
        Path shared = Files.writeString(folder.resolve("state.db-shm"), "x".repeat(200));
        try (FileChannel channel = FileChannel.open(shared, StandardOpenOption.WRITE);
                FileLock held = channel.lock(120, 1, false)) {
            assertThat(held.isValid()).isTrue();
            StoreException busy = new StoreException(StoreException.Kind.TRANSIENT, "database is locked", null);
            assertThat(findings(Duration.ofSeconds(10), Optional.of(busy), file))
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.what())
                            .contains(
                                    "waited 10s",
                                    "process " + ProcessHandle.current().pid() + " (java)")
                            .containsPattern("state [SR] \\("));
        }
        assertThat(LockHolder.of(file, PROC)).isEmpty();
    }

    @Test
    void aStoppedProcessIsLetGoOnOrEnded() {
        assertThat(new LockHolder(42, "java", "T (stopped)").advice()).contains("kill -CONT 42");
        assertThat(new LockHolder(42, "java", "S (sleeping)").advice()).contains("kill 42");
    }

    @Test
    void aStoreThatRefusesToBeWrittenSaysWhy() {
        StoreException full = new StoreException(StoreException.Kind.FULL, "the disk is full", null);
        assertThat(findings(Duration.ZERO, Optional.of(full), folder.resolve("state.db")))
                .singleElement()
                .satisfies(finding -> assertThat(finding.what()).contains("cannot be written: the disk is full"));
        StoreException damaged =
                new StoreException(StoreException.Kind.UNUSABLE, "The store is damaged: restore a backup.", null);
        assertThat(findings(Duration.ZERO, Optional.of(damaged), folder.resolve("state.db")))
                .containsExactly(
                        new Finding("Store", "it cannot be written: The store is damaged", "restore a backup."));
    }
}
