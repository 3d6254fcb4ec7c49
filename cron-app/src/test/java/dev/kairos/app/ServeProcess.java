package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** One {@code kairos serve} as a process of its own, and the signals it can be sent. */
final class ServeProcess implements AutoCloseable {
    private final Process process;
    private final Path log;
    private boolean wasReady;

    private ServeProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts one on the home; what it says goes to the log. */
    static ServeProcess on(Path home, Path log) throws IOException {
        return of(home, log, "serve");
    }

    /** The same of any command. */
    static ServeProcess of(Path home, Path log, String... words) throws IOException {
        Path temporary = Files.createDirectories(log.resolveSibling("tmp"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + temporary));
        command.addAll(nativeAccess());
        command.addAll(List.of("-cp", classPath(), "dev.kairos.app.Kairos"));
        command.addAll(List.of(words));
        command.addAll(List.of("--home", home.toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("KAIROS_"));
        return new ServeProcess(
                builder.redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start(),
                log);
    }

    /** What the launcher adds for newer Javas, which would warn of SQLite's library otherwise. */
    private static List<String> nativeAccess() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--enable-native-access"))
                .toList();
    }

    /** What a user's daemon has: without the tests, whose logging is silent. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    boolean isReady() {
        return said().contains("Ready: node");
    }

    /** Whether one of the processes descends from it. */
    boolean hasStarted(List<Long> pids) {
        return process.descendants().map(ProcessHandle::pid).anyMatch(pids::contains);
    }

    String said() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "";
        }
    }

    /** SIGKILL: it ends in the middle of whatever it does. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM, and the clean end that follows. */
    void term() throws InterruptedException {
        askToEnd();
        awaitCleanEnd();
    }

    /** SIGTERM. */
    void askToEnd() {
        wasReady = isReady();
        process.destroy();
    }

    /** Its exit code, once it has ended by itself. */
    int awaitEnd() throws InterruptedException {
        assertThat(process.waitFor(90, TimeUnit.SECONDS))
                .as("ended: %s", said())
                .isTrue();
        return process.exitValue();
    }

    void awaitCleanEnd() throws InterruptedException {
        assertThat(process.waitFor(90, TimeUnit.SECONDS))
                .as("ended: %s", said())
                .isTrue();
        if (wasReady) { // one that only begins knows no better than the kernel: it dies of the signal
            assertThat(process.exitValue()).as(said()).isZero();
        }
    }

    /** SIGSTOP: it stands still, wherever it is. */
    void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** SIGCONT. */
    void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start();
        assertThat(kill.waitFor()).as("kill -%s %d", name, pid()).isZero();
    }

    /** Lets time pass; less if it ends meanwhile. */
    void runFor(long millis) throws InterruptedException {
        process.waitFor(millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
