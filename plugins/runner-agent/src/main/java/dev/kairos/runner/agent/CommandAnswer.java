package dev.kairos.runner.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Optional;

/** Reads the JSON that an agent program printed: one document, or lines of which the last is the answer. */
final class CommandAnswer {
    private final JsonNode tree;

    private CommandAnswer(JsonNode tree) {
        this.tree = tree;
    }

    static Optional<CommandAnswer> read(String stdout) {
        String text = stdout.strip();
        Optional<CommandAnswer> whole = parse(text);
        return whole.isPresent()
                ? whole
                : parse(text.substring(text.lastIndexOf('\n') + 1).strip());
    }

    private static Optional<CommandAnswer> parse(String text) {
        try {
            return Optional.of(Json.MAPPER.readTree(text))
                    .filter(JsonNode::isContainerNode)
                    .map(CommandAnswer::new);
        } catch (JsonProcessingException e) {
            return Optional.empty(); // the caller says what that means
        }
    }

    /** The value at a path of names and numbers with dots between. */
    private JsonNode at(String path) {
        JsonNode node = tree;
        for (String step : path.split("\\.")) {
            node = node.isArray() && step.matches("[0-9]{1,6}") ? node.path(Integer.parseInt(step)) : node.path(step);
        }
        return node;
    }

    Optional<String> text(String path) {
        JsonNode node = at(path);
        return node.isMissingNode() || node.isNull()
                ? Optional.empty()
                : Optional.of(node.isValueNode() ? node.asText() : node.toString());
    }

    long number(Optional<String> path) {
        return path.map(this::at)
                .filter(JsonNode::isNumber)
                .map(JsonNode::longValue)
                .orElse(0L);
    }

    Optional<BigDecimal> amount(Optional<String> path) {
        return path.map(this::at).filter(JsonNode::isNumber).map(JsonNode::decimalValue);
    }

    /** Whether it says true there, or anything at all that is not false. */
    boolean isSaid(Optional<String> path) {
        return path.map(this::at)
                .filter(node -> !node.isMissingNode() && !node.isNull())
                .filter(node -> !node.isBoolean() || node.booleanValue())
                .isPresent();
    }
}
