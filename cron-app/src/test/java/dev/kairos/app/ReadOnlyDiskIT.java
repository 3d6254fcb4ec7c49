package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a disk that takes nothing: because it is read-only, or because it is full. */
@Tag("root")
class ReadOnlyDiskIT {
    @TempDir
    Path folder;

    private Path mounted;
    private SmallDisk disk;
    private Cli here;
    private Cli there;

    @BeforeEach
    void aHomeOnTheDiskAndOneBeside() throws Exception {
        mounted = folder.resolve("disk");
        disk = SmallDisk.at(mounted, "4m");
        here = Cli.at(folder.resolve("home"));
        there = Cli.at(mounted.resolve("home"));
        for (Cli cli : new Cli[] {here, there}) {
            cli.done("add", "every 1h", "say so", "--name", "hourly");
        }
    }

    @AfterEach
    void giveItBack() throws Exception {
        disk.close();
    }

    @Test
    void aReadOnlyDiskIsSaidToBeOne() throws Exception {
        disk.takeNothingMore();
        assertThat(there.run("list").refusedPlainly(1).err())
                .contains("a disk that is read-only", "mount it for writing");
        assertThat(there.run("doctor").out()).contains("is read-only").doesNotContain("call kairos as", "chmod");
        String file = mounted.resolve("x.db").toString();
        assertThat(here.run("store", "backup", file).refusedPlainly(1).err())
                .contains(file + " cannot be made: the disk of " + mounted + " is read-only", "name a file on a disk")
                .doesNotContain("store.url");
        assertThat(here.run("store", "migrate", "--to", "jdbc:sqlite:" + file)
                        .refusedPlainly(1)
                        .err())
                .contains("cannot be made (its disk is read-only)")
                .doesNotContain("store.url");
    }

    @Test
    void thatNothingWasWrittenOnAFullDiskIsSaidOnce() throws Exception {
        disk.fill();
        Path file = mounted.resolve("x.db");
        assertThat(here.run("store", "backup", file.toString())
                        .refusedPlainly(1)
                        .err())
                .containsOnlyOnce("nothing was written")
                .contains("free some space");
        assertThat(Files.exists(file)).isFalse();
    }
}
