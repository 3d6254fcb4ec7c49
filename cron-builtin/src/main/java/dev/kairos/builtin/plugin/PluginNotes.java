package dev.kairos.builtin.plugin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kairos.api.env.Environment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the processes of one home tell one another about plug-ins, as files in {@code cron/plugins}: somebody's wish that
 * the daemons look again, and what each daemon has loaded. Status: internal.
 */
public final class PluginNotes {
    private static final String WISH = "reload-";
    private static final String ENDING = ".json";
    private static final Duration FORGOTTEN = Duration.ofDays(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Environment environment;
    private final Path folder;

    /** The notes of a home. */
    public PluginNotes(Environment environment, Path home) {
        this.environment = environment;
        this.folder = PluginPlaces.notes(home);
    }

    /**
     * What a daemon has loaded.
     *
     * @param wishes the wishes it had seen when it looked
     * @param plugins its plug-ins
     */
    public record Told(Set<String> wishes, List<PluginListing> plugins) {
        public Told {
            wishes = Set.copyOf(wishes);
            plugins = List.copyOf(plugins);
        }
    }

    /**
     * Wishes that every daemon look again.
     *
     * @return the wish, to be fulfilled and then withdrawn
     * @throws IOException if it cannot be written
     */
    public String wish() throws IOException {
        String wish = WISH + Long.toHexString(environment.random().nextLong());
        environment.files().replaceQuickly(folder.resolve(wish), new byte[0]);
        return wish;
    }

    /**
     * Nobody waits for it any more.
     *
     * @throws IOException if it cannot be taken away
     */
    public void withdraw(String wish) throws IOException {
        environment.files().delete(folder.resolve(wish));
    }

    /**
     * When notes came or went last; empty where there were none.
     *
     * @throws IOException if the disk does not answer
     */
    public Optional<Instant> changedAt() throws IOException {
        return environment.files().modifiedAt(folder);
    }

    /**
     * The wishes that are open now.
     *
     * @throws IOException if the folder cannot be read
     */
    public Set<String> wishes() throws IOException {
        Set<String> open = new HashSet<>();
        for (Path file : environment.files().list(folder)) {
            String name = file.getFileName().toString();
            if (name.startsWith(WISH)) {
                open.add(name);
            }
        }
        return open;
    }

    /**
     * Says what this daemon has loaded.
     *
     * @throws IOException if it cannot be written
     */
    public void tell(String node, Set<String> wishes, List<PluginListing> plugins) throws IOException {
        ObjectNode tree = JSON.createObjectNode();
        ArrayNode seen = tree.putArray("wishes");
        wishes.stream().sorted().forEach(seen::add);
        ArrayNode listed = tree.putArray("plugins");
        plugins.forEach(plugin -> write(plugin, listed.addObject()));
        environment.files().replaceQuickly(folder.resolve(node + ENDING), JSON.writeValueAsBytes(tree));
    }

    /**
     * What a daemon said last; empty if it said nothing that can be read.
     *
     * @throws IOException if the disk does not answer
     */
    public Optional<Told> told(String node) throws IOException {
        Optional<byte[]> content = environment.files().read(folder.resolve(node + ENDING));
        if (content.isEmpty()) {
            return Optional.empty();
        }
        try {
            JsonNode tree = JSON.readTree(new String(content.get(), StandardCharsets.UTF_8));
            Set<String> wishes = new HashSet<>();
            tree.path("wishes").forEach(wish -> wishes.add(wish.asText()));
            List<PluginListing> plugins = new ArrayList<>();
            for (JsonNode plugin : tree.path("plugins")) {
                plugins.add(read(plugin));
            }
            return Optional.of(new Told(wishes, plugins));
        } catch (JsonProcessingException | IllegalArgumentException damaged) {
            return Optional.empty();
        }
    }

    /**
     * Who said something, in no order; whether it still lives is another question.
     *
     * @throws IOException if the folder cannot be read
     */
    public Set<String> nodes() throws IOException {
        Set<String> nodes = new HashSet<>();
        for (Path file : environment.files().list(folder)) {
            String name = file.getFileName().toString();
            if (name.endsWith(ENDING)) {
                nodes.add(name.substring(0, name.length() - ENDING.length()));
            }
        }
        return nodes;
    }

    /**
     * This daemon has nothing loaded any more.
     *
     * @throws IOException if its note cannot be taken away
     */
    public void forget(String node) throws IOException {
        environment.files().delete(folder.resolve(node + ENDING));
    }

    /**
     * Takes away what processes left that ended without their leave.
     *
     * @throws IOException if it cannot be taken away
     */
    public void sweep() throws IOException {
        Instant oldest = environment.now().minus(FORGOTTEN);
        for (Path file : environment.files().list(folder)) {
            if (environment.files().modifiedAt(file).filter(oldest::isAfter).isPresent()) {
                environment.files().delete(file);
            }
        }
    }

    private static void write(PluginListing plugin, ObjectNode to) {
        to.put("id", plugin.id());
        to.put("version", plugin.version());
        to.put("source", plugin.source());
        to.put("sha256", plugin.sha256());
        to.put("state", plugin.state().name());
        plugin.reason().ifPresent(reason -> to.put("reason", reason));
        plugin.remedy().ifPresent(remedy -> to.put("remedy", remedy));
        ArrayNode offers = to.putArray("offers");
        for (PluginOffer offer : plugin.offers()) {
            ObjectNode one = offers.addObject();
            one.put("kind", offer.kind());
            one.put("name", offer.name());
            one.put("class", offer.className());
            offer.reason().ifPresent(reason -> one.put("reason", reason));
            offer.remedy().ifPresent(remedy -> one.put("remedy", remedy));
        }
    }

    private static PluginListing read(JsonNode from) {
        List<PluginOffer> offers = new ArrayList<>();
        for (JsonNode offer : from.path("offers")) {
            offers.add(new PluginOffer(
                    offer.path("kind").asText(),
                    offer.path("name").asText(),
                    offer.path("class").asText(),
                    text(offer, "reason"),
                    text(offer, "remedy")));
        }
        return new PluginListing(
                from.path("id").asText(),
                from.path("version").asText(),
                from.path("source").asText(),
                from.path("sha256").asText(),
                PluginState.valueOf(from.path("state").asText()),
                offers,
                text(from, "reason"),
                text(from, "remedy"));
    }

    private static Optional<String> text(JsonNode from, String field) {
        return from.has(field) ? Optional.of(from.path(field).asText()) : Optional.empty();
    }
}
