package dev.kairos.builtin.plugin;

import dev.kairos.api.env.Environment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Judges one JAR before anybody drops it. Its classes are loaded and constructed. Status: internal. */
public final class PluginCheck {
    private final Environment environment;
    private final PluginPlaces places;

    /**
     * A check.
     *
     * @param staging an empty, private folder for its copy; the caller takes it away
     * @param providers the names of providers that are the host's
     * @param runners the kinds that are the host's
     * @param channels the platforms that are the host's
     */
    public PluginCheck(
            Environment environment, Path staging, Set<String> providers, Set<String> runners, Set<String> channels) {
        this.environment = environment;
        this.places = new PluginPlaces(staging, List.of(), List.of(), providers, runners, channels);
    }

    /**
     * What was found.
     *
     * @param warnings what it does that nobody can contain, each a sentence
     */
    public record Report(PluginListing listing, List<String> warnings) {
        public Report {
            warnings = List.copyOf(warnings);
        }
    }

    /** Looks at the file. */
    public Report check(Path file) {
        Optional<Trouble> open = OpenDoor.of(file);
        FoundJar jar = PluginFolder.read(file, environment.files());
        FoundJar judged =
                open.filter(why -> jar.refusal().isEmpty()).map(jar::refusedFor).orElse(jar);
        List<String> warnings = new ArrayList<>();
        if (jar.content().length > 0) {
            scan(jar, warnings);
        }
        PluginLoading loading = new PluginLoading(environment, places);
        List<Plugin> loaded = loading.load(List.of(judged), List.of());
        List<Plugin> settled = new Names(loaded, places).settled();
        PluginListing listing = settled.get(0).listing();
        settled.forEach(plugin -> {
            loading.unload(plugin);
            plugin.loading()
                    .map(one -> LeftThreads.of(one.loader()))
                    .filter(threads -> !threads.isEmpty())
                    .ifPresent(threads ->
                            warnings.add("constructing it left threads behind: " + String.join(", ", threads)));
        });
        return new Report(listing, warnings);
    }

    private static void scan(FoundJar jar, List<String> warnings) {
        try {
            warnings.addAll(ByteCodeScan.of(jar.content()));
        } catch (IOException | RuntimeException e) {
            warnings.add("its byte code cannot be looked through: " + e.getMessage());
        }
    }
}
