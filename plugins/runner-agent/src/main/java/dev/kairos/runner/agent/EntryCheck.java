package dev.kairos.runner.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Looks at a model entry before anything is sent to where it points. Opens no connection. */
final class EntryCheck {
    private static final Set<String> KEYS = Set.of(
            "api",
            "base_url",
            "command",
            "cost_path",
            "env",
            "exit_codes",
            "is_error_path",
            "key",
            "max_tokens",
            "model",
            "name",
            "preset",
            "price_in",
            "price_out",
            "prompt",
            "reasoning_effort",
            "result",
            "result_path",
            "session_sign",
            "stream",
            "timeout",
            "tokens_in_path",
            "tokens_out_path",
            "turns_path",
            "uses_tools");

    private EntryCheck() {}

    /**
     * Ends the run where the entry cannot be asked.
     *
     * @throws dev.kairos.api.InvalidInputException if a value has a wrong form
     */
    static void refuse(ModelEntry entry) throws Blocked {
        entry.prices();
        entry.timeout();
        if (entry.way() == ModelEntry.Way.COMMAND) {
            new CommandEntry(entry).refuse();
            return;
        }
        if (entry.model().isEmpty()) {
            throw new Blocked(
                    "config", "the model entry " + entry.name() + " names no model: set " + entry.path("model"));
        }
        if (entry.key().isEmpty() && entry.baseUrl().isEmpty()) {
            throw new Blocked(
                    "config",
                    "the model entry " + entry.name() + " has no key: set " + entry.path("key")
                            + ", for example to ${MY_API_KEY}, and see that the variable is set where this runs");
        }
        if (entry.key().filter(key -> !key.matches("[\\x21-\\x7e]+")).isPresent()) {
            throw new Blocked(
                    "config",
                    "the key of the model entry " + entry.name() + " holds a blank, a line break or a sign that no key"
                            + " has: correct " + entry.path("key"));
        }
        if (entry.baseUrl().filter(text -> !HttpAddress.is(text)).isPresent()) {
            throw new Blocked(
                    "config",
                    "the address of the model entry " + entry.name() + " is none of HTTP: set " + entry.path("base_url")
                            + " to one such as http://127.0.0.1:11434/v1");
        }
        entry.reasoningEffort();
        entry.maxTokens();
        entry.isStreaming();
    }

    /** Ends the run where a budget holds for it and nothing would say how much of that the entry uses. */
    static void measures(ModelEntry entry, List<Budget.Limits> limits) throws Blocked {
        boolean isCommand = entry.way() == ModelEntry.Way.COMMAND;
        boolean saysTokens = !isCommand || new CommandEntry(entry).saysTokens();
        boolean saysCost = saysTokens && entry.prices().isPresent() || isCommand && new CommandEntry(entry).saysCost();
        if (!saysCost && limits.stream().anyMatch(Budget.Limits::isInMoney)) {
            throw new Blocked(
                    "budget",
                    "nothing says what the model entry " + entry.name() + " costs, so a budget in money cannot be kept:"
                            + " set " + entry.path("price_in") + " and price_out" + (isCommand ? ", or cost_path" : "")
                            + " (0 where it costs nothing), or take the budget away");
        }
        if (!saysTokens && limits.stream().anyMatch(Budget.Limits::isInTokens)) {
            throw new Blocked(
                    "budget",
                    "the program of the model entry " + entry.name() + " does not say how many tokens it uses, so a"
                            + " budget in tokens cannot be kept: set " + entry.path("tokens_in_path")
                            + " and tokens_out_path, or take the budget away");
        }
    }

    /** The entry's keys that nobody reads; a word misspelled may send what it says elsewhere. */
    static List<String> unread(ModelEntry entry) {
        List<String> unread = new ArrayList<>();
        entry.settings().keys().stream()
                .filter(key -> !KEYS.contains(key))
                .sorted()
                .forEach(
                        key -> unread.add(entry.path(key) + " is no known key, so it is not read: see docs/agents.md"));
        return unread;
    }
}
