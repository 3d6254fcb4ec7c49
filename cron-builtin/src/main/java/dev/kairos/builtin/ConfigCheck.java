package dev.kairos.builtin;

import dev.kairos.api.InvalidInputException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds keys that nobody reads and values of a wrong form. */
final class ConfigCheck {
    /** Subtrees whose keys belong to plug-ins. */
    static final Map<String, String> OPEN_SUBTREES = Map.of(
            "cron.<provider>.*", "settings of the provider with that name",
            "delivery.<platform>.*", "settings of the delivery channel with that name",
            "agent.*", "models and tools of agent jobs");

    private static final Pattern OPEN =
            Pattern.compile("(cron\\.(?!misfire\\.|retry\\.)[^.]+\\..+|delivery\\.[^.]+\\..+|agent\\..+)");
    /** Variables that Kairos itself sets or reads and that are no configuration. */
    private static final Set<String> OTHER_VARIABLES = Set.of(
            "KAIROS_HOME",
            "KAIROS_JOB_ID",
            "KAIROS_JOB_NAME",
            "KAIROS_EXECUTION_ID",
            "KAIROS_SCHEDULED_AT",
            "KAIROS_STATE_DIR",
            "KAIROS_STORE",
            "KAIROS_CRON_SESSION");

    private ConfigCheck() {}

    static List<String> unknownKeys(Configuration configuration) {
        List<String> known = ConfigKey.all().stream().map(ConfigKey::path).toList();
        List<String> warnings = new ArrayList<>();
        for (String path : configuration.paths()) {
            if (known.contains(path)) {
                continue;
            }
            Optional<String> nearest = nearest(path, known);
            if (nearest.isPresent()) {
                warnings.add(Configuration.where(configuration, path) + " is no known key; did you mean "
                        + nearest.get() + "?");
            } else if (!OPEN.matcher(path).matches() && !isForeignProperty(configuration, path)) {
                warnings.add(Configuration.where(configuration, path)
                        + " is no known key and nobody reads it; docs/configuration.md lists the keys");
            }
        }
        List<String> variables = known.stream().map(Configuration::variableOf).toList();
        configuration.environment().keySet().stream().sorted().forEach(name -> {
            if (name.startsWith("KAIROS_") && !variables.contains(name) && !OTHER_VARIABLES.contains(name)) {
                nearest(name, variables)
                        .ifPresent(near -> warnings.add(
                                "environment variable " + name + " is no known key; did you mean " + near + "?"));
            }
        });
        return warnings;
    }

    /** A property like kairos.soak belongs to somebody else unless it looks like one of our groups. */
    private static boolean isForeignProperty(Configuration configuration, String path) {
        return !path.contains(".") && Configuration.where(configuration, path).startsWith("system property");
    }

    static List<InvalidInputException> problems(Configuration configuration) {
        List<InvalidInputException> problems = new ArrayList<>();
        for (ConfigKey<?> key : ConfigKey.all()) {
            if (key.equals(ConfigKey.STORE_URL)) {
                continue; // jobs must not go to another store: it is refused where it is opened
            }
            try {
                key.read(configuration);
            } catch (InvalidInputException e) {
                problems.add(e);
            }
        }
        return problems;
    }

    /** The known word with the fewest slips, stricter than {@link Nearest#to}: a plug-in's key resembles others by chance. */
    static Optional<String> nearest(String word, List<String> known) {
        int most = Math.max(1, Math.min(3, word.length() / 5));
        return known.stream()
                .filter(candidate -> Math.abs(candidate.length() - word.length()) <= most)
                .map(candidate -> Map.entry(candidate, Nearest.slips(word, candidate)))
                .filter(entry -> entry.getValue() <= most)
                .min(Comparator.comparingInt(Map.Entry::getValue))
                .map(Map.Entry::getKey);
    }
}
