package dev.kairos.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
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
        Path classes = Files.createDirectories(work.resolve("pulse-classes"));
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
                        source().toString());
        if (failed != 0) {
            throw new IllegalStateException("the README's provider does not compile");
        }
        Path jar = Files.createDirectories(plugins).resolve("pulse-1.0.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry(CLASS + ".class"));
            out.write(Files.readAllBytes(classes.resolve(CLASS + ".class")));
            out.putNextEntry(new JarEntry("META-INF/services/dev.kairos.api.CronScheduler"));
            out.write(CLASS.replace('/', '.').getBytes(StandardCharsets.UTF_8));
            out.closeEntry();
        }
        return jar;
    }
}
