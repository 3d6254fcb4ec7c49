package dev.kairos.api.ledger;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What an agent's attempt used of its model: the turns it took, the tokens it read and wrote, the tools it called, and what
 * that is estimated to cost where the model entry has prices. A plug-in makes it with {@link #of} and the {@code with}
 * methods. Immutable.
 *
 * <p>{@link #text} is its form in a store, read back by {@link #parse}; words that a later version adds are passed over.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param model the model that answered, as its backend names it
 * @param turns requests that were sent to the model, failed ones included
 * @param tokensIn tokens read by the model, 0 where it did not say
 * @param tokensOut tokens written by the model, 0 where it did not say
 * @param toolCalls calls of tools that were dispatched
 * @param cost the estimate in the currency of the configured prices, six decimals; empty without prices
 */
public record Usage(String model, int turns, long tokensIn, long tokensOut, int toolCalls, Optional<BigDecimal> cost) {
    private static final int DECIMALS = 6;
    private static final int LONGEST_MODEL = 200;

    public Usage {
        Objects.requireNonNull(model);
        model = model.replaceAll("\\s+", " ").strip();
        model = model.length() > LONGEST_MODEL ? model.substring(0, LONGEST_MODEL) : model;
        cost = cost.map(money -> money.setScale(DECIMALS, RoundingMode.HALF_UP));
        if (turns < 0 || tokensIn < 0 || tokensOut < 0 || toolCalls < 0) {
            throw new IllegalArgumentException("a use cannot be negative");
        }
    }

    /** Nothing used yet of the model. */
    public static Usage of(String model) {
        return new Usage(model, 0, 0, 0, 0, Optional.empty());
    }

    /** The same with one more turn and what it read and wrote. */
    public Usage withTurn(long in, long out) {
        return new Usage(model, turns + 1, tokensIn + in, tokensOut + out, toolCalls, cost);
    }

    /** The same with so many turns in place of those counted. */
    public Usage withTurns(int all) {
        return new Usage(model, all, tokensIn, tokensOut, toolCalls, cost);
    }

    /** The same with one more call of a tool. */
    public Usage withToolCall() {
        return new Usage(model, turns, tokensIn, tokensOut, toolCalls + 1, cost);
    }

    /** The same by the name that the model itself gave. */
    public Usage withModel(String other) {
        return new Usage(other, turns, tokensIn, tokensOut, toolCalls, cost);
    }

    /** The same with an estimate. */
    public Usage withCost(BigDecimal money) {
        return new Usage(model, turns, tokensIn, tokensOut, toolCalls, Optional.of(money));
    }

    /** Tokens read and written. */
    public long tokens() {
        return tokensIn + tokensOut;
    }

    /** One line, for a store. */
    public String text() {
        return "turns=" + turns + " in=" + tokensIn + " out=" + tokensOut + " tools=" + toolCalls
                + cost.map(money -> " cost=" + money.toPlainString()).orElse("") + " model=" + model;
    }

    /** Reads {@link #text}; empty for a text that is none. */
    public static Optional<Usage> parse(String text) {
        int split = text.indexOf(" model=");
        if (split < 0) {
            return Optional.empty();
        }
        Map<String, String> words = new HashMap<>();
        for (String word : text.substring(0, split).split(" ")) {
            int is = word.indexOf('=');
            if (is > 0) {
                words.put(word.substring(0, is), word.substring(is + 1));
            }
        }
        try {
            return Optional.of(new Usage(
                    text.substring(split + " model=".length()),
                    Integer.parseInt(words.getOrDefault("turns", "0")),
                    Long.parseLong(words.getOrDefault("in", "0")),
                    Long.parseLong(words.getOrDefault("out", "0")),
                    Integer.parseInt(words.getOrDefault("tools", "0")),
                    Optional.ofNullable(words.get("cost")).map(BigDecimal::new)));
        } catch (IllegalArgumentException damaged) {
            return Optional.empty();
        }
    }
}
