package dev.kairos.examples.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Processes with a JVM of their own, ended with the test. */
final class OwnProcesses implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(60);
    private static final Pattern READY = Pattern.compile("portal.ready url=(\\S+)");

    private final List<Process> processes = new ArrayList<>();

    /** Starts one; what it says goes to the log. */
    Process start(Path log, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("KAIROS_"));
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        processes.add(process);
        return process;
    }

    /** Starts a portal and answers its address. */
    String portal(Path log, Path folder, String... options) throws IOException {
        List<String> command = java(entry -> true, "dev.kairos.examples.portal.ChronosPortal", folder.toString());
        command.addAll(List.of(options));
        start(log, command);
        await().atMost(LONG).until(() -> READY.matcher(Files.readString(log)).find());
        Matcher ready = READY.matcher(Files.readString(log));
        assertThat(ready.find()).isTrue();
        return ready.group(1);
    }

    /** The command of a main class with what of this test's class path it is to have. */
    static List<String> java(Predicate<String> classPath, String main, String... args) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .filter(entry -> !entry.isEmpty())
                        .filter(classPath)
                        .collect(Collectors.joining(File.pathSeparator)),
                main));
        command.addAll(List.of(args));
        return command;
    }

    /** The same as one line of a shell. */
    static String line(List<String> command) {
        return command.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        for (Process process : processes) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().onExit().join();
        }
    }
}
