package dev.kairos.orchestrator.health;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kairos.api.env.NodeIdentity;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a heartbeat says, in a file of the home and in the store. Instants are whole epoch seconds there, the interval whole
 * seconds.
 */
record HeartbeatFile(
        String node,
        NodePlace place,
        NodeIdentity process,
        String provider,
        Duration interval,
        Instant started,
        Instant alive,
        Optional<Instant> lastClean,
        Optional<Instant> lastError,
        Optional<String> error,
        boolean isStopping,
        NodeNotes notes) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LARGEST = 1_000_000;
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}&&[^\\n\\t]]");
    /** Seconds from 1970: no clock shows more. */
    private static final long FURTHEST = 1L << 40;

    private static final int LONGEST_ERROR = 2_000;

    long pid() {
        return process.pid();
    }

    byte[] toJson() throws IOException {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(tree());
    }

    /** The same in one line. */
    String toText() {
        return tree().toString();
    }

    private ObjectNode tree() {
        ObjectNode tree = JSON.createObjectNode();
        tree.put("node", node);
        place.host().ifPresent(host -> tree.put("host", host));
        place.home().ifPresent(home -> tree.put("home", home));
        tree.put("pid", process.pid());
        tree.put("boot", process.bootId());
        tree.put("pid_namespace", process.pidNamespace());
        tree.put("start_ticks", process.startTicks());
        tree.put("provider", provider);
        tree.put("interval", interval.toSeconds());
        tree.put("started", started.getEpochSecond());
        tree.put("alive", alive.getEpochSecond());
        lastClean.ifPresent(at -> tree.put("last_clean", at.getEpochSecond()));
        lastError.ifPresent(at -> tree.put("last_error", at.getEpochSecond()));
        error.ifPresent(text -> tree.put("error", shortened(text)));
        if (isStopping) {
            tree.put("stopping", true);
        }
        notes.asked().ifPresent(asked -> tree.put("provider_asked", asked));
        notes.fallbackReason().ifPresent(reason -> tree.put("fallback_reason", reason));
        notes.coveredBecause().ifPresent(reason -> tree.put("covered_because", reason));
        notes.lastFire().ifPresent(at -> tree.put("last_fire", at.getEpochSecond()));
        notes.desired().ifPresent(count -> tree.put("desired", count));
        notes.storeSilentSince().ifPresent(at -> tree.put("store_silent_since", at.getEpochSecond()));
        notes.abilities().forEach(tree.withArray("abilities")::add);
        notes.platforms().forEach(tree.withArray("platforms")::add);
        notes.stuckJobs().forEach(tree.withArray("stuck_jobs")::add);
        provider(notes.provider(), tree);
        notes.http().ifPresent(address -> tree.put("http", address));
        notes.httpTrouble().ifPresent(reason -> tree.put("http_trouble", reason));
        return tree;
    }

    /** One that does not say which it was, as an older version's, is the identity of no process that can be asked after. */
    private static NodeIdentity process(JsonNode tree) {
        long pid = tree.path("pid").asLong(0);
        String node = tree.path("node").asText("");
        String before = pid + "-";
        return NodeIdentity.builder(
                        tree.path("boot").asText(""),
                        pid,
                        node.startsWith(before) ? node.substring(before.length()) : "")
                .pidNamespace(tree.path("pid_namespace").asText(""))
                .startTicks(tree.path("start_ticks").asLong(0))
                .build();
    }

    private static void provider(ProviderNotes notes, ObjectNode tree) {
        notes.state().ifPresent(state -> tree.put("provider_state", state));
        notes.health().ifPresent(health -> tree.put("provider_health", health));
        notes.healthDetail().ifPresent(detail -> tree.put("provider_health_detail", shortened(detail)));
        notes.unregistered().ifPresent(why -> tree.put("unregistered", shortened(why)));
        notes.reconciledAt().ifPresent(at -> tree.put("reconciled", at.getEpochSecond()));
        notes.armed().ifPresent(count -> tree.put("armed", count));
        notes.difference().ifPresent(text -> tree.put("armed_difference", shortened(text)));
    }

    private static String shortened(String text) {
        return text.length() > LONGEST_ERROR ? text.substring(0, LONGEST_ERROR) : text;
    }

    /** Reads a file; empty if it is no heartbeat. */
    static Optional<HeartbeatFile> parse(byte[] content) {
        if (content.length > LARGEST) {
            return Optional.empty();
        }
        try {
            JsonNode tree = JSON.readTree(content);
            Optional<Instant> alive = instant(tree, "alive");
            if (alive.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(new HeartbeatFile(
                    tree.path("node").asText(""),
                    new NodePlace(text(tree, "host"), text(tree, "home")),
                    process(tree),
                    plain(tree.path("provider").asText("")),
                    Duration.ofSeconds(
                            Math.max(0, Math.min(tree.path("interval").asLong(0), 366L * 86_400))),
                    instant(tree, "started").orElse(alive.get()),
                    alive.get(),
                    instant(tree, "last_clean"),
                    instant(tree, "last_error"),
                    text(tree, "error"),
                    tree.path("stopping").asBoolean(false),
                    notes(tree)));
        } catch (IOException | DateTimeException garbage) {
            return Optional.empty();
        }
    }

    /** The same by a clock that shows another time: each of its instants that much later. */
    HeartbeatFile later(Duration by) {
        return new HeartbeatFile(
                node,
                place,
                process,
                provider,
                interval,
                started.plus(by),
                alive.plus(by),
                lastClean.map(at -> at.plus(by)),
                lastError.map(at -> at.plus(by)),
                error,
                isStopping,
                notes.later(by));
    }

    /** Whether it says the same, whenever it was said. */
    boolean saysAs(HeartbeatFile other) {
        return node.equals(other.node)
                && provider.equals(other.provider)
                && error.equals(other.error)
                && isStopping == other.isStopping
                && notes.equals(other.notes);
    }

    private static NodeNotes notes(JsonNode tree) {
        return new NodeNotes(
                text(tree, "provider_asked"),
                text(tree, "fallback_reason"),
                text(tree, "covered_because"),
                instant(tree, "last_fire"),
                number(tree, "desired"),
                texts(tree, "abilities"),
                texts(tree, "platforms"),
                instant(tree, "store_silent_since"),
                texts(tree, "stuck_jobs"),
                new ProviderNotes(
                        text(tree, "provider_state"),
                        text(tree, "provider_health"),
                        text(tree, "provider_health_detail"),
                        text(tree, "unregistered"),
                        instant(tree, "reconciled"),
                        number(tree, "armed"),
                        text(tree, "armed_difference")),
                text(tree, "http"),
                text(tree, "http_trouble"));
    }

    private static Optional<Integer> number(JsonNode tree, String key) {
        JsonNode value = tree.path(key);
        return value.isInt() ? Optional.of(value.intValue()) : Optional.empty();
    }

    private static Optional<String> text(JsonNode tree, String key) {
        return Optional.ofNullable(tree.path(key).textValue()).map(HeartbeatFile::plain);
    }

    private static List<String> texts(JsonNode tree, String key) {
        List<String> texts = new ArrayList<>();
        tree.path(key).forEach(one -> texts.add(plain(one.asText())));
        return texts;
    }

    /** It may come from another machine, by the store: nothing in it moves a terminal's cursor. */
    private static String plain(String text) {
        return UNSEEN.matcher(text).replaceAll(" ");
    }

    private static Optional<Instant> instant(JsonNode tree, String key) {
        JsonNode value = tree.path(key);
        return value.isNumber() && Math.abs(value.longValue()) < FURTHEST
                ? Optional.of(Instant.ofEpochSecond(value.longValue()))
                : Optional.empty();
    }
}
