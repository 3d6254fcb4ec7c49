package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** {@code kairos serve} in this process, on a thread of its own: a daemon that is there in a moment. */
public final class ServeThread implements AutoCloseable {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Path home;
    private final Thread thread;
    private volatile int exit = -1;

    private ServeThread(Path home, Map<String, String> variables) {
        this.home = home;
        Map<String, String> all = new HashMap<>(Map.of("HOME", home.toString(), "PATH", System.getenv("PATH")));
        all.putAll(variables);
        thread = new Thread(
                () -> exit = Kairos.run(
                        new String[] {"serve", "--home", home.toString()},
                        InputStream.nullInputStream(),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        all),
                "serve");
    }

    /** Starts one and waits until it fires. */
    public static ServeThread on(Path home, Map<String, String> variables) {
        ServeThread daemon = new ServeThread(home, variables);
        daemon.thread.start();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> daemon.said().contains("Ready: node") || !daemon.thread.isAlive());
        assertThat(daemon.thread.isAlive()).as(daemon.said() + daemon.noted()).isTrue();
        return daemon;
    }

    /** What stood on its standard output. */
    public String said() {
        return out.toString(StandardCharsets.UTF_8);
    }

    /** What stood beside it. */
    public String noted() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** Where it answers HTTP, as whoever looks for it would find out. */
    public String url() throws IOException {
        return Files.readString(home.resolve("server.url")).strip();
    }

    /** The token that it made for itself. */
    public String token() throws IOException {
        return Files.readString(home.resolve("server.token")).strip();
    }

    /** Ends it, and answers with which exit code. */
    public int end() {
        thread.interrupt();
        try {
            thread.join(60_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        assertThat(thread.isAlive()).as("ended").isFalse();
        return exit;
    }

    @Override
    public void close() {
        end();
    }
}
