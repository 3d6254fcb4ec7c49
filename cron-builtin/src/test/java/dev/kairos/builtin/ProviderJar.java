package dev.kairos.builtin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** A JAR with provider classes compiled from source, as a plug-in's author would ship it. */
final class ProviderJar {
    private final Path folder;
    private final Path classes;
    private final List<String> services;

    private ProviderJar(Path folder, Path classes, List<String> services) {
        this.folder = folder;
        this.classes = classes;
        this.services = services;
    }

    /** Compiles the sources by class name and lists them all as services. */
    static ProviderJar compile(Path folder, Map<String, String> sources) {
        try {
            Path work = Files.createTempDirectory(folder, "plugin");
            Path classes = Files.createDirectory(work.resolve("classes"));
            List<String> arguments = new ArrayList<>(
                    List.of("--release", "17", "-d", classes.toString(), "-cp", System.getProperty("java.class.path")));
            for (Map.Entry<String, String> source : new TreeMap<>(sources).entrySet()) {
                Path file = work.resolve(source.getKey().replace('.', '/') + ".java");
                Files.createDirectories(file.getParent());
                Files.writeString(file, source.getValue());
                arguments.add(file.toString());
            }
            JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
            if (compiler.run(null, null, null, arguments.toArray(String[]::new)) != 0) {
                throw new IllegalStateException("the provider source does not compile");
            }
            return new ProviderJar(work, classes, List.copyOf(new TreeMap<>(sources).keySet()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same classes with another services file. */
    ProviderJar listing(List<String> lines) {
        return new ProviderJar(folder, classes, lines);
    }

    /** Writes the JAR. */
    Path write() {
        Path file = folder.resolve("provider.jar");
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file));
                Stream<Path> compiled = Files.walk(classes)) {
            for (Path path : compiled.filter(Files::isRegularFile).sorted().toList()) {
                jar.putNextEntry(
                        new JarEntry(classes.relativize(path).toString().replace('\\', '/')));
                jar.write(Files.readAllBytes(path));
                jar.closeEntry();
            }
            jar.putNextEntry(new JarEntry("META-INF/services/dev.kairos.api.CronScheduler"));
            jar.write(String.join("\n", services).getBytes(java.nio.charset.StandardCharsets.UTF_8));
            jar.closeEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    /** A class loader over the JAR, beside the test's own class path. */
    ClassLoader loader() {
        try {
            return new URLClassLoader(new URL[] {write().toUri().toURL()}, ProviderJar.class.getClassLoader());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
