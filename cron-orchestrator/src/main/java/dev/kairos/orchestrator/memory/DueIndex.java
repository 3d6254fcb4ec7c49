package dev.kairos.orchestrator.memory;

import dev.kairos.api.store.Abilities;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Due instants by needed ability, so that work which nobody here can run costs nothing. */
final class DueIndex {
    private final Map<String, TreeSet<Due>> byAbility = new HashMap<>();

    void add(String ability, Due due) {
        byAbility.computeIfAbsent(ability, key -> new TreeSet<>()).add(due);
    }

    void remove(String ability, Due due) {
        TreeSet<Due> set = byAbility.get(ability);
        if (set != null && set.remove(due) && set.isEmpty()) {
            byAbility.remove(ability);
        }
    }

    /** Puts the earliest {@code limit} of each ability up to the bound into the collection. */
    void collect(Abilities abilities, Instant upTo, int limit, List<Due> into) {
        for (String ability : abilities.names()) {
            TreeSet<Due> set = byAbility.get(ability);
            if (set == null) {
                continue;
            }
            int taken = 0;
            for (Due due : set) {
                if (taken++ == limit || due.at().isAfter(upTo)) {
                    break;
                }
                into.add(due);
            }
        }
    }

    Optional<Instant> first(Abilities abilities) {
        return abilities.names().stream()
                .map(byAbility::get)
                .filter(set -> set != null)
                .map(set -> set.first().at())
                .min(Instant::compareTo);
    }
}
