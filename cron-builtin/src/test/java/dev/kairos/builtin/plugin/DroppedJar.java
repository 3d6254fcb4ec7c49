package dev.kairos.builtin.plugin;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A JAR as a plug-in's author ships it: compiled in memory, with the entries it is told to have and no others, not even
 * those of folders.
 */
public final class DroppedJar {
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final Map<String, List<String>> services = new LinkedHashMap<>();
    private final Map<String, String> manifest = new LinkedHashMap<>();
    private final Map<String, byte[]> entries = new TreeMap<>();
    private final List<String> leftOut = new ArrayList<>();
    private final Map<String, Integer> classVersions = new LinkedHashMap<>();

    private DroppedJar() {}

    public static DroppedJar empty() {
        return new DroppedJar();
    }

    /** A JAR with one class that is listed for the SPI. */
    public static DroppedJar offering(Class<?> spi, String className, String source) {
        return empty().with(spi, className, source);
    }

    /** A provider in package made that uses the required surface alone. */
    public static DroppedJar provider(String className, String name) {
        return offering(dev.kairos.api.CronScheduler.class, "made." + className, providerSource(className, name, ""));
    }

    /** Such a provider's source, with further members. */
    public static String providerSource(String className, String name, String members) {
        return "package made; public class " + className + " extends dev.kairos.api.CronScheduler {"
                + " public String name() { return \"" + name + "\"; }"
                + " public void start(dev.kairos.api.StopSignal stop) throws Exception { context().armed(); }"
                + members + "}";
    }

    /** A channel in package made that confirms what it is given. */
    public static String channelSource(String className, String platform, String members) {
        return "package made; import dev.kairos.api.delivery.*; public class " + className
                + " implements DeliveryChannel { public String platform() { return \"" + platform + "\"; }"
                + " public void checkAddress(String address) {}"
                + " public String send(DeliveryMessage message) { return \"sent\"; }"
                + members + "}";
    }

    public DroppedJar with(Class<?> spi, String className, String source) {
        services.computeIfAbsent(spi.getName(), name -> new ArrayList<>()).add(className);
        return source(className, source);
    }

    public DroppedJar source(String className, String source) {
        sources.put(className, source);
        return this;
    }

    /** Lists a class that need not be in the JAR. */
    public DroppedJar listing(Class<?> spi, String line) {
        services.computeIfAbsent(spi.getName(), name -> new ArrayList<>()).add(line);
        return this;
    }

    public DroppedJar manifest(String name, String value) {
        manifest.put(name, value);
        return this;
    }

    public DroppedJar entry(String name, byte[] content) {
        entries.put(name, content);
        return this;
    }

    /** Compiled with the others and then left out. */
    public DroppedJar without(String className) {
        leftOut.add(className);
        return this;
    }

    /** As if it had been compiled for another Java: 61 is 17, 69 is 25. */
    public DroppedJar classVersion(String className, int major) {
        classVersions.put(className, major);
        return this;
    }

    /** Writes it into the folder, which is made where it is missing. */
    public Path drop(Path folder, String name) {
        try {
            Files.createDirectories(folder);
            Path file = folder.resolve(name);
            Files.write(file, bytes());
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public byte[] bytes() throws IOException {
        Map<String, byte[]> content = new TreeMap<>(entries);
        compiled().forEach((name, bytes) -> {
            if (!leftOut.contains(name)) {
                content.put(name.replace('.', '/') + ".class", versioned(name, bytes));
            }
        });
        services.forEach((spi, lines) ->
                content.put("META-INF/services/" + spi, String.join("\n", lines).getBytes(StandardCharsets.UTF_8)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JarOutputStream jar = manifest.isEmpty() ? new JarOutputStream(out) : new JarOutputStream(out, head())) {
            for (Map.Entry<String, byte[]> entry : content.entrySet()) {
                jar.putNextEntry(new JarEntry(entry.getKey()));
                jar.write(entry.getValue());
                jar.closeEntry();
            }
            if (content.isEmpty()) {
                jar.putNextEntry(new JarEntry("nothing"));
                jar.closeEntry();
            }
        }
        return out.toByteArray();
    }

    private Manifest head() {
        Manifest head = new Manifest();
        head.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.forEach((name, value) -> head.getMainAttributes().putValue(name, value));
        return head;
    }

    private byte[] versioned(String name, byte[] compiled) {
        byte[] bytes = compiled.clone();
        Integer major = classVersions.get(name);
        if (major != null) {
            bytes[7] = major.byteValue();
        }
        return bytes;
    }

    private Map<String, byte[]> compiled() throws IOException {
        if (sources.isEmpty()) {
            return Map.of();
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        Map<String, ByteArrayOutputStream> classes = new TreeMap<>();
        try (StandardJavaFileManager standard = compiler.getStandardFileManager(null, null, null)) {
            List<Text> texts = sources.entrySet().stream()
                    .map(source -> new Text(source.getKey(), source.getValue()))
                    .toList();
            List<String> options =
                    List.of("--release", "17", "-proc:none", "-cp", System.getProperty("java.class.path"));
            if (!compiler.getTask(complaints, new Kept(standard, classes), null, options, null, texts)
                    .call()) {
                throw new IllegalStateException("the plug-in's source does not compile: " + complaints);
            }
        }
        Map<String, byte[]> bytes = new TreeMap<>();
        classes.forEach((name, out) -> bytes.put(name, out.toByteArray()));
        return bytes;
    }

    private static final class Text extends SimpleJavaFileObject {
        private final String source;

        Text(String className, String source) {
            super(URI.create("string:///" + className.replace('.', '/') + ".java"), Kind.SOURCE);
            this.source = source;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
        }
    }

    private static final class Kept extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> classes;

        Kept(JavaFileManager standard, Map<String, ByteArrayOutputStream> classes) {
            super(standard);
            this.classes = classes;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("memory:///" + className.replace('.', '/')), kind) {
                @Override
                public OutputStream openOutputStream() {
                    ByteArrayOutputStream out = new ByteArrayOutputStream();
                    classes.put(className, out);
                    return out;
                }
            };
        }
    }
}
