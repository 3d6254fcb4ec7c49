package dev.kairos.builtin.plugin;

import dev.kairos.api.env.HostFiles;
import dev.kairos.orchestrator.PlainWords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One folder into which JARs are dropped. */
final class PluginFolder {
    private final Path folder;
    private final boolean isConfigured;
    private final HostFiles files;

    /**
     * A folder.
     *
     * @param isConfigured whether somebody named it, so that it ought to be there
     */
    PluginFolder(Path folder, boolean isConfigured, HostFiles files) {
        this.folder = folder;
        this.isConfigured = isConfigured;
        this.files = files;
    }

    /** Whether there is anything to look at; cheap. */
    boolean isEmpty() {
        try {
            return !(isConfigured && !Files.isDirectory(folder)) && names().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    /** The JARs in it, sorted by name, each let in or refused with its reason. */
    List<FoundJar> jars() {
        try {
            if (isConfigured && !Files.isDirectory(folder)) {
                return List.of(FoundJar.refused(
                        folder,
                        new Trouble(
                                "plugins.folders names it, and there is no such folder",
                                "make it, or take it out of plugins.folders")));
            }
            return look(names());
        } catch (IOException e) {
            return List.of(FoundJar.refused(
                    folder,
                    new Trouble("the folder cannot be read: " + PlainWords.of(e), "check its owner and its rights")));
        }
    }

    private List<Path> names() throws IOException {
        return files.list(folder).stream().filter(PluginFolder::isJar).toList();
    }

    private static boolean isJar(Path file) {
        String name = file.getFileName().toString();
        return name.toLowerCase(Locale.ROOT).endsWith(".jar") && !name.startsWith(".");
    }

    private List<FoundJar> look(List<Path> sources) {
        if (sources.isEmpty()) {
            return List.of();
        }
        Optional<Trouble> open = OpenDoor.of(folder);
        PluginLock lock = PluginLock.read(folder, files);
        List<FoundJar> found = new ArrayList<>();
        for (Path source : sources) {
            Optional<Trouble> refusal = open.or(() -> OpenDoor.of(source));
            found.add(refusal.isPresent() ? FoundJar.refused(source, refusal.get()) : read(source, lock));
        }
        return found;
    }

    private FoundJar read(Path source, PluginLock lock) {
        FoundJar jar = read(source, files);
        return lock.refusal(source.getFileName().toString(), jar.sha256())
                .filter(why -> jar.refusal().isEmpty())
                .map(jar::refusedFor)
                .orElse(jar);
    }

    /** One file, read whole. */
    static FoundJar read(Path source, HostFiles files) {
        try {
            return files.read(source)
                    .map(content -> FoundJar.of(source, content))
                    .orElseGet(() ->
                            FoundJar.refused(source, new Trouble("there is no such file", "name a JAR that is there")));
        } catch (IOException e) {
            return FoundJar.refused(
                    source, new Trouble("it cannot be read: " + PlainWords.of(e), "check its owner and its rights"));
        } catch (OutOfMemoryError e) {
            return FoundJar.refused(
                    source, new Trouble("it is too large for this process's memory", "start Kairos with more, -Xmx"));
        }
    }
}
