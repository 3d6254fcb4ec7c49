package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small file system in memory that can be filled to its last byte. Needs root. */
final class SmallDisk implements AutoCloseable {
    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    static SmallDisk at(Path folder, String size) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        run(
                "mounting a tmpfs is not possible here; run this as root, and a container with --cap-add SYS_ADMIN",
                "mount",
                "-t",
                "tmpfs",
                "-o",
                "size=" + size,
                "tmpfs",
                folder.toString());
        return new SmallDisk(folder);
    }

    private static void run(String remedy, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as("%s: %s", remedy, said).isZero();
    }

    private Path filler() {
        return folder.resolve("filler");
    }

    /** Writes until nothing more goes in. */
    void fill() throws IOException {
        byte[] page = new byte[4_096];
        try (OutputStream out = Files.newOutputStream(filler())) {
            while (true) {
                out.write(page);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    /** From now on it can only be read. */
    void takeNothingMore() throws IOException, InterruptedException {
        run("mounting read-only", "mount", "-o", "remount,ro", folder.toString());
    }

    void free() throws IOException {
        Files.delete(filler());
    }

    @Override
    public void close() throws IOException, InterruptedException {
        run("unmounting " + folder, "umount", "-l", folder.toString());
    }
}
