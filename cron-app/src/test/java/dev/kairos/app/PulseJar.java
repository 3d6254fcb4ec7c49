package dev.kairos.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** The provider of the README as a JAR that its reader would build: one class, one line in META-INF/services. */
final class PulseJar {
    private static final String CLASS = "dev/kairos/examples/pulse/PulseProvider";

    private PulseJar() {}

    /** The source as it stands in examples. */
    static Path source() {
        return Path.of("..", "examples", "custom-provider", "src", "main", "java", CLASS + ".java");
    }

    /** Compiles it and writes the JAR, in a folder that is made where it is missing. */
    static Path drop(Path plugins, Path work) throws IOException {
        return drop(CLASS, source(), plugins.resolve("pulse-1.0.jar"), work);
    }

    /** The same of any provider that is one class. */
    static Path drop(String type, Path source, Path jar, Path work) throws IOException {
        Path classes = Files.createDirectories(work.resolve("plugin-classes"));
        int failed = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "--release",
                        "17",
                        "-proc:none",
                        "-d",
                        classes.toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        source.toString());
        if (failed != 0) {
            throw new IllegalStateException("the provider does not compile: " + source);
        }
        Files.createDirectories(jar.getParent());
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> compiled = Files.walk(classes)) {
            for (Path one : compiled.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(one).toString()));
                out.write(Files.readAllBytes(one));
            }
            out.putNextEntry(new JarEntry("META-INF/services/dev.kairos.api.CronScheduler"));
            out.write(type.replace('/', '.').getBytes(StandardCharsets.UTF_8));
            out.closeEntry();
        }
        return jar;
    }
}
