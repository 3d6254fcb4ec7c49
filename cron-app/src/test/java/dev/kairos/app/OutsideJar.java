package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;

/**
 * A plug-in's JAR with a provider whose registry is the file {@code armed} beside the folder of plug-ins, one line for each
 * trigger: it outlives every process. It fires nothing.
 */
final class OutsideJar {
    private OutsideJar() {}

    private static final String SOURCE = String.join(
            "\n",
            "package made;",
            "import dev.kairos.api.*;",
            "import java.nio.file.*;",
            "import java.time.Instant;",
            "import java.util.*;",
            "public class Outside extends CronScheduler implements ArmedTriggers {",
            "    public String name() { return \"outside\"; }",
            "    public boolean isAvailable() { return !Files.exists(registry().resolveSibling(\"unavailable\")); }",
            "    public void start(StopSignal stop) { log(\"start\"); reconcile(); }",
            "    public ProviderTraits traits() { return ProviderTraits.DEFAULT.outlivingTheProcess(); }",
            "    private Path registry() { return Path.of(context().config().text(\"file\").orElseThrow()); }",
            "    private void log(String what) { try { Files.writeString(registry().resolveSibling(\"calls\"), what + \"\\n\",",
            "        StandardOpenOption.CREATE, StandardOpenOption.APPEND); } catch (java.io.IOException e) {",
            "        throw new java.io.UncheckedIOException(e); } }",
            "    public void onJobsChanged(JobChanges changes) { reconcile(); }",
            "    public void reconcile() {",
            "        if (Files.exists(registry().resolveSibling(\"refused\"))) throw new IllegalStateException(\"portal refused\");",
            "        StringBuilder text = new StringBuilder();",
            "        for (DesiredTrigger t : context().desiredTriggers()) text.append(t.jobId() + \" \" + t.dueAt() + \"\\n\");",
            "        try { Files.writeString(registry(), text.toString()); } catch (java.io.IOException e) {",
            "            throw new java.io.UncheckedIOException(e); }",
            "        log(\"reconcile\");",
            "    }",
            "    public void disarm() { try { Files.deleteIfExists(registry()); } catch (java.io.IOException e) {",
            "        throw new java.io.UncheckedIOException(e); } log(\"disarm\"); }",
            "    public Map<String, Instant> armed() throws java.io.IOException {",
            "        Map<String, Instant> armed = new HashMap<>();",
            "        if (Files.exists(registry())) for (String line : Files.readAllLines(registry()))",
            "            armed.put(line.split(\" \")[0], Instant.parse(line.split(\" \")[1]));",
            "        return armed;",
            "    }",
            "    public <T> Optional<T> capability(Class<T> type) {",
            "        return type == ArmedTriggers.class ? Optional.of(type.cast(this)) : Optional.empty(); }",
            "}");

    private static final Path JAR = compiled();

    static void drop(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.copy(JAR, folder.resolve("outside.jar"));
    }

    private static Path compiled() {
        try {
            Path work = Files.createTempDirectory("outside");
            Path source = work.resolve("Outside.java");
            Files.writeString(source, SOURCE);
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            String classPath = System.getProperty("java.class.path");
            int exit = ToolProvider.getSystemJavaCompiler()
                    .run(null, said, said, "-proc:none", "-d", work.toString(), "-cp", classPath, source.toString());
            assertThat(exit).as(said.toString(StandardCharsets.UTF_8)).isZero();
            Path file = work.resolve("outside.jar");
            try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
                jar.putNextEntry(new JarEntry("made/Outside.class"));
                jar.write(Files.readAllBytes(work.resolve("made/Outside.class")));
                jar.closeEntry();
                jar.putNextEntry(new JarEntry("META-INF/services/dev.kairos.api.CronScheduler"));
                jar.write("made.Outside\n".getBytes(StandardCharsets.UTF_8));
                jar.closeEntry();
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
