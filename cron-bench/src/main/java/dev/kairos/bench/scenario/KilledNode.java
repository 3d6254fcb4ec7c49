package dev.kairos.bench.scenario;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A node is killed with SIGKILL while it works: how long until another node does its work again, default settings. Each
 * round begins with two processes on a schema of its own.
 *
 * <p>{@code KilledNode ROUNDS CONTENDER...} with contenders {@code kairos-postgres}, {@code quartz-postgres}, and {@code
 * kairos-elsewhere}: both nodes in process namespaces of their own, like on two machines, so that neither can see whether
 * the other's process lives. The last needs root and {@code unshare}.
 */
public final class KilledNode {
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final Duration SETTLE = Duration.ofSeconds(5);

    private KilledNode() {}

    /**
     * Runs the scenario.
     *
     * @param args how many rounds, which contenders
     */
    public static void main(String[] args) throws Exception {
        int rounds = Integer.parseInt(args[0]);
        Path folder = Files.createTempDirectory("kairos-bench");
        try (EmbeddedPostgres postgres = Servers.durablePostgres()) {
            for (String name : Arrays.asList(args).subList(1, args.length)) {
                List<Double> seconds = new ArrayList<>();
                for (int round = 0; round < rounds; round++) {
                    String schema = name.replace('-', '_') + round;
                    Servers.makeSchema(postgres, schema);
                    seconds.add(round(name, Servers.url(postgres, schema), folder.resolve(schema)));
                }
                seconds.sort(Double::compare);
                System.out.printf(
                        Locale.ROOT,
                        "%s runs again after %.1f s (median of %d, %.1f to %.1f)%n",
                        name,
                        seconds.get(rounds / 2),
                        rounds,
                        seconds.get(0),
                        seconds.get(rounds - 1));
            }
        }
        System.exit(0);
    }

    private static double round(String contender, String url, Path folder) throws Exception {
        try (Node first = new Node(contender, url, folder.resolve("first"), true)) {
            first.await(WorkingNode.RUNS);
            try (Node second = new Node(contender, url, folder.resolve("second"), false)) {
                second.await(WorkingNode.READY);
                Thread.sleep(SETTLE.toMillis());
                long killed = System.nanoTime();
                first.kill();
                second.await(WorkingNode.RUNS);
                return (System.nanoTime() - killed) / 1e9;
            }
        }
    }

    /** One process, and what it says. */
    private static final class Node implements AutoCloseable {
        private final Process process;
        private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

        Node(String contender, String url, Path home, boolean isFirst) throws IOException {
            List<String> command = new ArrayList<>();
            if (contender.equals("kairos-elsewhere")) {
                command.addAll(List.of("unshare", "--pid", "--fork", "--kill-child", "--mount-proc"));
            }
            command.addAll(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    WorkingNode.class.getName(),
                    contender.split("-")[0],
                    url,
                    home.toString(),
                    Boolean.toString(isFirst)));
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            Thread reader = new Thread(this::read, "said");
            reader.setDaemon(true);
            reader.start();
        }

        private void read() {
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                lines.lines().forEach(said::add);
            } catch (IOException | UncheckedIOException e) {
                said.add("its output ended: " + e.getMessage());
            }
        }

        void await(String line) throws InterruptedException {
            long end = System.nanoTime() + LONGEST.toNanos();
            while (true) {
                String next = said.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
                if (next == null) {
                    throw new IllegalStateException("a node did not say " + line + " within " + LONGEST);
                }
                if (next.equals(line)) {
                    return;
                }
            }
        }

        void kill() {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }

        @Override
        public void close() {
            kill();
        }
    }
}
