package dev.kairos.runner.agent;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.ledger.Usage;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One limit on what may be used.
 *
 * @param what what it limits, words such as "the job's budget of 5000 tokens a day"
 * @param tokens how many tokens are left before this run, where tokens are limited
 * @param cost how much money is left before this run, where money is limited
 */
record Budget(String what, Optional<Long> tokens, Optional<BigDecimal> cost) {
    /** The keys of a budget. */
    static final Set<String> KEYS = Set.of("tokens_per_run", "cost_per_run", "tokens_per_day", "cost_per_day");

    /** What may be used in one run and in a day. */
    record Limits(
            Optional<Long> runTokens,
            Optional<BigDecimal> runCost,
            Optional<Long> dayTokens,
            Optional<BigDecimal> dayCost) {
        boolean isPerDay() {
            return dayTokens.isPresent() || dayCost.isPresent();
        }

        boolean isInTokens() {
            return runTokens.isPresent() || dayTokens.isPresent();
        }

        boolean isInMoney() {
            return runCost.isPresent() || dayCost.isPresent();
        }
    }

    /**
     * Reads a job's budget.
     *
     * @throws InvalidInputException for an unknown key or a value that is no amount
     */
    static Limits read(String where, Map<String, ?> given) {
        for (String key : given.keySet()) {
            if (!KEYS.contains(key)) {
                throw new InvalidInputException(
                        where + "." + key,
                        "",
                        "no such budget",
                        String.join(", ", KEYS.stream().sorted().toList()));
            }
        }
        return new Limits(
                tokens(where, given, "tokens_per_run"),
                cost(where, given, "cost_per_run"),
                tokens(where, given, "tokens_per_day"),
                cost(where, given, "cost_per_day"));
    }

    private static Optional<Long> tokens(String where, Map<String, ?> given, String key) {
        return Optional.ofNullable(given.get(key)).map(value -> {
            String text = String.valueOf(value).strip().replace("_", "");
            if (!text.matches("[0-9]{1,15}")) {
                throw new InvalidInputException(where + "." + key, text, "not a number of tokens", "for example 50000");
            }
            return Long.valueOf(text);
        });
    }

    private static Optional<BigDecimal> cost(String where, Map<String, ?> given, String key) {
        return Optional.ofNullable(given.get(key))
                .map(value -> Prices.amount(where + "." + key, String.valueOf(value)));
    }

    /** The limits as budgets, each with what is left of it after {@code day}. */
    static List<Budget> left(String whose, Limits limits, Usage day) {
        List<Budget> budgets = new ArrayList<>();
        limits.runTokens()
                .ifPresent(most -> budgets.add(
                        new Budget(whose + " of " + most + " tokens a run", Optional.of(most), Optional.empty())));
        limits.runCost()
                .ifPresent(most -> budgets.add(
                        new Budget(whose + " of " + plain(most) + " a run", Optional.empty(), Optional.of(most))));
        limits.dayTokens()
                .ifPresent(most -> budgets.add(new Budget(
                        whose + " of " + most + " tokens a day", Optional.of(most - day.tokens()), Optional.empty())));
        limits.dayCost()
                .ifPresent(most -> budgets.add(new Budget(
                        whose + " of " + plain(most) + " a day",
                        Optional.empty(),
                        Optional.of(most.subtract(day.cost().orElse(BigDecimal.ZERO))))));
        return budgets;
    }

    private static String plain(BigDecimal money) {
        return money.stripTrailingZeros().toPlainString();
    }

    /** Whether so much more uses it up. */
    boolean isReachedBy(Usage used) {
        return tokens.filter(left -> used.tokens() >= left).isPresent()
                || cost.filter(left -> used.cost().orElse(BigDecimal.ZERO).compareTo(left) >= 0)
                        .isPresent();
    }

    /** The end of a run that reached it. The words are the same at each run, so that they are said once. */
    Blocked reached() {
        return new Blocked(
                "budget",
                what + " is used up, so the model was not asked further: raise the budget, or wait until a day's use is"
                        + " behind");
    }
}
