package dev.kairos.builtin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kairos.api.env.Environment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the processes of one home tell one another about a change of provider, as files in {@code cron/provider}: somebody's
 * wish, and each daemon's answer. Status: internal.
 */
public final class HandoverNotes {
    private static final String WISH = "switch-";
    private static final String ANSWER = "answer-";
    private static final Duration FORGOTTEN = Duration.ofDays(1);

    /** A wish that was not taken back by who wrote it is not fulfilled any more: whoever waited has gone. */
    private static final Duration STALE = Duration.ofMinutes(2);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Environment environment;
    private final Path folder;

    /** The notes of a home. */
    public HandoverNotes(Environment environment, Path home) {
        this.environment = environment;
        this.folder = home.resolve("cron").resolve("provider");
    }

    /**
     * A wish.
     *
     * @param id its name
     * @param to the provider's name
     * @param isCheck whether it is only asked whether that could be done
     */
    public record Wish(String id, String to, boolean isCheck) {}

    /**
     * Wishes that every daemon change its provider, or say whether it could.
     *
     * @return the wish, to be fulfilled and then withdrawn
     * @throws IOException if it cannot be written
     */
    public Wish wish(String to, boolean isCheck) throws IOException {
        Wish wish = new Wish(WISH + Long.toHexString(environment.random().nextLong()), to, isCheck);
        ObjectNode tree = JSON.createObjectNode();
        tree.put("to", to);
        tree.put("check", isCheck);
        environment.files().replaceQuickly(folder.resolve(wish.id()), JSON.writeValueAsBytes(tree));
        return wish;
    }

    /**
     * Nobody waits for it any more.
     *
     * @throws IOException if it cannot be taken away
     */
    public void withdraw(Wish wish) throws IOException {
        environment.files().delete(folder.resolve(wish.id()));
        for (Path file : environment.files().list(folder)) {
            if (file.getFileName().toString().startsWith(ANSWER + wish.id())) {
                environment.files().delete(file);
            }
        }
    }

    /**
     * When wishes or answers came or went last; empty where there were none.
     *
     * @throws IOException if the disk does not answer
     */
    public Optional<Instant> changedAt() throws IOException {
        return environment.files().modifiedAt(folder);
    }

    /**
     * The wishes that are open now, by name.
     *
     * @throws IOException if the folder cannot be read
     */
    public List<Wish> wishes() throws IOException {
        List<Wish> open = new ArrayList<>();
        Instant oldest = environment.now().minus(STALE);
        for (Path file : environment.files().list(folder)) {
            String name = file.getFileName().toString();
            boolean isFresh = environment
                    .files()
                    .modifiedAt(file)
                    .filter(at -> !at.isBefore(oldest))
                    .isPresent();
            if (name.startsWith(WISH) && isFresh) {
                tree(file)
                        .ifPresent(tree -> open.add(new Wish(
                                name,
                                tree.path("to").asText(),
                                tree.path("check").asBoolean(true))));
            }
        }
        return open;
    }

    /**
     * A daemon's answer.
     *
     * @throws IOException if it cannot be written
     */
    public void answer(Wish wish, String node, Handover handover) throws IOException {
        ObjectNode tree = JSON.createObjectNode();
        tree.put("from", handover.from());
        tree.put("to", handover.to());
        handover.refusal().ifPresent(why -> tree.put("refusal", why));
        handover.remark().ifPresent(what -> tree.put("remark", what));
        environment.files().replaceQuickly(answerOf(wish, node), JSON.writeValueAsBytes(tree));
    }

    /**
     * What a daemon answered; empty if it has not.
     *
     * @throws IOException if the disk does not answer
     */
    public Optional<Handover> answered(Wish wish, String node) throws IOException {
        return tree(answerOf(wish, node))
                .map(tree -> new Handover(
                        tree.path("from").asText(),
                        tree.path("to").asText(),
                        Optional.ofNullable(tree.path("refusal").textValue()),
                        Optional.ofNullable(tree.path("remark").textValue())));
    }

    private Path answerOf(Wish wish, String node) {
        return folder.resolve(ANSWER + wish.id() + "-" + node + ".json");
    }

    private Optional<JsonNode> tree(Path file) throws IOException {
        Optional<byte[]> content = environment.files().read(file);
        try {
            return content.isEmpty()
                    ? Optional.empty()
                    : Optional.of(JSON.readTree(new String(content.get(), StandardCharsets.UTF_8)));
        } catch (JsonProcessingException damaged) {
            return Optional.empty();
        }
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
}
