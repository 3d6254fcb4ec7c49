package dev.kairos.provider.matrix;

import dev.kairos.api.ledger.Execution;
import dev.kairos.api.run.JobHandler;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/** A node in a process of its own, to be killed. What it reads is by how many milliseconds its clock is ahead. */
final class NodeProcess {
    /** Their first attempt never ends. */
    private static final Set<String> HANGING = Set.of("long", "once", "rerun");

    private NodeProcess() {}

    /** The arguments: home, provider, a file of settings, and where each attempt leaves a line. */
    public static void main(String[] args) throws Exception {
        MovedMachine time = new MovedMachine();
        Properties read = new Properties();
        try (Reader file = Files.newBufferedReader(Path.of(args[2]))) {
            read.load(file);
        }
        Map<String, String> settings = new HashMap<>();
        read.stringPropertyNames().forEach(key -> settings.put(key, read.getProperty(key)));
        Path effects = Path.of(args[3]);
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println("ready");
        time.ahead(Duration.ofMillis(Long.parseLong(orders.readLine())));
        JobHandler work = call ->
                work(call.request().job().definition().name(), call.request().execution(), effects);
        Node node = new Node(time, Path.of(args[0]), args[1], settings, work);
        node.open();
        node.start();
        System.out.println("armed");
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            time.ahead(Duration.ofMillis(Long.parseLong(order)));
        }
        Runtime.getRuntime().halt(1); // the test is gone
    }

    private static String work(String name, Execution attempt, Path effects) throws IOException, InterruptedException {
        Files.writeString(
                effects,
                name + " " + attempt.scheduledAt() + " " + attempt.attempt() + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        if (HANGING.contains(name) && attempt.attempt() == 1) {
            Thread.sleep(Duration.ofHours(1).toMillis());
        }
        return "";
    }

    /** Its command line. */
    static List<String> command(Path home, String provider, Path settings, Path effects) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                NodeProcess.class.getName(),
                home.toString(),
                provider,
                settings.toString(),
                effects.toString());
    }
}
