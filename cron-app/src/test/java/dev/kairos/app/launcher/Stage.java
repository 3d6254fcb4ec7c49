package dev.kairos.app.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A folder with the real launcher, an invented Java, an invented Maven and an invented source tree. */
final class Stage {
    private static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");

    final Path folder;
    final Path tree;
    final Map<String, String> environment = new TreeMap<>();

    Stage(Path folder) {
        this.folder = folder;
        this.tree = folder.resolve("a tree");
        Path launcher = Path.of("..", "kairos").toAbsolutePath().normalize();
        write(tree.resolve("pom.xml"), "<project/>");
        write(tree.resolve("cron-api/src/main/java/Api.java"), "interface Api {}");
        write(tree.resolve("cron-app/pom.xml"), "<project/>");
        copy(launcher, tree.resolve("kairos"));
        java("17.0.15");
        environment.put("PATH", folder.resolve("path") + ":" + System.getenv("PATH"));
        environment.put("JAVA_HOME", folder.resolve("jdk").toString());
        environment.put("HOME", folder.toString());
        environment.put("LANG", "C.UTF-8");
    }

    /** Puts a Java of that version there. It prints its arguments, one a line, and writes the archive it is asked for. */
    void java(String version) {
        script(folder.resolve("jdk/bin/java"), """
                for word; do
                    case "$1 $word" in "-Xshare:dump -XX:SharedArchiveFile="*) echo classes >"${word#*=}" ;; esac
                    printf '<%s>\\n' "$word"
                done
                """);
        script(folder.resolve("jdk/bin/javac"), "");
        write(
                folder.resolve("jdk/release"),
                "JAVA_VERSION=\"" + version + "\"\nJAVA_RUNTIME_VERSION=\"" + version + "+6\"\n");
        write(folder.resolve("jdk/lib/modules"), "");
        touch(folder.resolve("jdk/lib/modules"), LONG_AGO);
    }

    /** Puts a Maven there that runs these lines of shell; it counts its calls in the file {@code builds}. */
    void maven(String body) {
        script(folder.resolve("path/mvn"), "echo built >>\"" + folder + "/builds\"\n" + body + "\n");
    }

    /** The lines of a Maven that builds as it should. */
    static String goodBuild() {
        return "mkdir -p cron-app/target/kairos/lib && echo jar >cron-app/target/kairos/lib/cron-app.jar";
    }

    long builds() {
        Path counter = folder.resolve("builds");
        return Files.exists(counter) ? read(counter).lines().count() : 0;
    }

    /** Lays out a distribution and returns its launcher. */
    Path distribution() {
        write(folder.resolve("kairos 1/lib/cron-app.jar"), "jar");
        touch(folder.resolve("kairos 1/lib/cron-app.jar"), LONG_AGO);
        copy(tree.resolve("kairos"), folder.resolve("kairos 1/bin/kairos"));
        return folder.resolve("kairos 1/bin/kairos");
    }

    /** Whether a start of the distribution is still making its archive: the lock is taken before the command starts. */
    boolean isMakingAnArchive() {
        return Files.exists(folder.resolve("kairos 1/archive.lock"), LinkOption.NOFOLLOW_LINKS);
    }

    Ended run(Path launcher, String... words) {
        return end(start(launcher, words));
    }

    Process start(Path launcher, String... words) {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(words));
        var builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Ended end(Process process) {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("the launcher did not end within a minute");
            }
            return new Ended(
                    process.exitValue(),
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8),
                    new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** How a start ended. The output of the invented Java is one argument a line, in angle brackets. */
    record Ended(int exit, String out, String err) {
        List<String> words() {
            return out.lines().map(line -> line.substring(1, line.length() - 1)).toList();
        }
    }

    /** Puts a program there, beside a former one that may be about to run: Linux refuses to write into that. */
    static void script(Path file, String body) {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        write(fresh, "#!/bin/sh\n" + body);
        fresh.toFile().setExecutable(true);
        try {
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void touch(Path file, Instant at) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(at));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path to) {
        try {
            Files.createDirectories(to.getParent());
            Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
