package dev.kairos.runner.agent;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The subtree {@code agent} of the configuration. Read anew for each run. */
record AgentSettings(Settings root) {
    private static final Set<String> KEYS =
            Set.of("models", "default", "fallback", "budget", "max_turns", "max_parallel", "mcp_servers");
    private static final int TURNS = 30;
    private static final int MOST = 1_000;

    /** The entry with the name, or empty where there is none. */
    Optional<ModelEntry> entry(String name) {
        return names().contains(name)
                ? Optional.of(ModelEntry.read(name, root.at("models").at(name)))
                : Optional.empty();
    }

    /** The names of all model entries, sorted. */
    List<String> names() {
        return root.at("models").keys().stream().sorted().toList();
    }

    /** Every entry. */
    List<ModelEntry> entries() {
        List<ModelEntry> all = new ArrayList<>();
        names().forEach(name -> entry(name).ifPresent(all::add));
        return all;
    }

    /** The name of the entry that a job uses which names none: the configured one, else the only one. */
    Optional<String> standard() {
        return root.text("default")
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .or(() -> names().size() == 1 ? Optional.of(names().get(0)) : Optional.empty());
    }

    /** The names of the entries to take when the standard one fails, in order. */
    List<String> fallback() {
        return root.texts("fallback");
    }

    /** How often the model may be asked in one run. */
    int maxTurns() {
        return number("max_turns", TURNS);
    }

    /** How many agents may run at the same time on this node; empty for as many as there are slots for runs. */
    Optional<Integer> maxParallel() {
        return root.number("max_parallel").map(given -> checked("max_parallel", given));
    }

    /**
     * Looks at what holds for every job.
     *
     * @throws InvalidInputException if a value has a wrong form
     */
    void refuse() {
        maxTurns();
        maxParallel();
        for (String group : List.of("models", "mcp_servers")) {
            if (root.at(group).keys().isEmpty() && !root.texts(group).isEmpty()) {
                throw new InvalidInputException(
                        root.path() + "." + group,
                        "",
                        "entries without names are expected nowhere",
                        "give each entry a name of its own, with its settings below it; docs/agents.md has examples");
            }
        }
    }

    /** The keys that nobody reads. */
    List<String> unread() {
        return root.keys().stream()
                .filter(key -> !KEYS.contains(key))
                .sorted()
                .map(key -> root.path() + "." + key + " is no known key, so it is not read: see docs/agents.md")
                .toList();
    }

    Settings servers() {
        return root.at("mcp_servers");
    }

    private int number(String key, int standard) {
        return root.number(key).map(given -> checked(key, given)).orElse(standard);
    }

    private int checked(String key, long given) {
        if (given < 1 || given > MOST) {
            throw new InvalidInputException(
                    root.path() + "." + key, String.valueOf(given), "out of range", "a whole number, 1 .. " + MOST);
        }
        return Math.toIntExact(given);
    }
}
