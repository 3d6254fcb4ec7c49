package dev.kairos.app;

import static org.awaitility.Awaitility.await;

import dev.kairos.app.terminal.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a daemon of a home leaves there that was stopped for longer than its lease lasts, and lost its membership to another
 * node: its process, which stands still, and its heartbeat.
 */
final class StoppedDaemon implements AutoCloseable {
    private static final Path PROC = Path.of("/proc");

    private final Process process;

    private StoppedDaemon(Process process) {
        this.process = process;
    }

    static StoppedDaemon of(Path home) throws IOException {
        Process process = new ProcessBuilder("sleep", "600").start();
        StoppedDaemon daemon = new StoppedDaemon(process);
        new ProcessBuilder("kill", "-STOP", Long.toString(daemon.pid())).start();
        await().until(() -> daemon.stat()[0].equals("T"));
        Map<String, Object> beat = new LinkedHashMap<>();
        beat.put("node", daemon.node());
        beat.put("pid", daemon.pid());
        beat.put(
                "boot",
                Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip());
        beat.put(
                "pid_namespace",
                Files.readSymbolicLink(PROC.resolve("self/ns/pid")).toString());
        beat.put("start_ticks", Long.parseLong(daemon.stat()[19]));
        beat.put("provider", "builtin");
        beat.put("alive", Instant.now().getEpochSecond());
        beat.put("last_clean", Instant.now().getEpochSecond());
        Path file = home.resolve("cron").resolve("nodes").resolve(daemon.node() + ".json");
        Files.createDirectories(file.getParent());
        Files.writeString(file, Json.document(beat));
        return daemon;
    }

    String node() {
        return pid() + "-expelled";
    }

    long pid() {
        return process.pid();
    }

    /** What the kernel says of it, from its state on. */
    private String[] stat() throws IOException {
        String line = Files.readString(PROC.resolve(pid() + "/stat"));
        return line.substring(line.lastIndexOf(')') + 2).split(" ");
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
