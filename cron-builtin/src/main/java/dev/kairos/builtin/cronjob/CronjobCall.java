package dev.kairos.builtin.cronjob;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.job.JobField;
import dev.kairos.builtin.Nearest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of one call of the tool, checked for what a model gets wrong; each refusal says how to mend the call.
 *
 * @param arguments as they came
 */
record CronjobCall(Map<String, Object> arguments) {
    private static final int SHOWN = 60;

    CronjobCall {
        for (String key : arguments.keySet()) {
            if (!CronjobSchema.arguments().contains(key)) {
                throw unknown(key);
            }
        }
    }

    private static InvalidInputException unknown(String key) {
        if (JobField.byKey(key).isPresent()) {
            return new InvalidInputException(
                    shown(key),
                    "",
                    "only a person may set it",
                    "leave it out, or ask the user to set it with kairos edit");
        }
        Optional<String> near = Nearest.to(key, CronjobSchema.arguments());
        return new InvalidInputException(
                shown(key),
                "",
                "there is no such argument",
                near.map(known -> "did you mean " + known + "? ").orElse("") + "The arguments are "
                        + String.join(", ", CronjobSchema.arguments()));
    }

    String action() {
        Object given = arguments.get("action");
        String accepted = "one of " + String.join(", ", CronjobSchema.ACTIONS);
        if (given == null) {
            throw new InvalidInputException("action", "", "it is missing", accepted);
        }
        String word = String.valueOf(given).strip().toLowerCase(Locale.ROOT);
        if (!(given instanceof String) || !CronjobSchema.ACTIONS.contains(word)) {
            Optional<String> near = Nearest.to(word, CronjobSchema.ACTIONS);
            throw new InvalidInputException(
                    "action",
                    shown(given),
                    "there is no such action",
                    near.map(known -> "did you mean " + known + "? It is ").orElse("") + accepted);
        }
        return word;
    }

    /** The text that the action cannot go without. */
    String required(String key, String example) {
        return text(key)
                .orElseThrow(() -> new InvalidInputException(
                        key, "", "the action " + action() + " needs it", "add it, for example " + example));
    }

    Optional<String> text(String key) {
        Object given = arguments.get(key);
        if (given == null) {
            return Optional.empty();
        }
        if (!(given instanceof String text)) {
            throw new InvalidInputException(key, shown(given), "a text is expected", "write it in quotes");
        }
        return text.isBlank() ? Optional.empty() : Optional.of(text.strip());
    }

    boolean flag(String key) {
        Object given = arguments.get(key);
        if (given != null && !(given instanceof Boolean)) {
            throw new InvalidInputException(
                    key, shown(given), "neither true nor false", "true or false, without quotes");
        }
        return Boolean.TRUE.equals(given);
    }

    int number(String key, int standard, int least, int most) {
        Object given = arguments.get(key);
        if (given == null) {
            return standard;
        }
        if (!(given instanceof Number number)
                || number.doubleValue() != number.intValue()
                || number.intValue() < least
                || number.intValue() > most) {
            throw new InvalidInputException(
                    key, shown(given), "not a whole number " + least + " to " + most, "for example " + standard);
        }
        return number.intValue();
    }

    /** The given fields of a job but its schedule, null for one that is to be cleared. */
    Map<String, @Nullable Object> fields() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        for (String key : CronjobSchema.FIELDS) {
            if (arguments.containsKey(key) && !key.equals("schedule")) {
                fields.put(key, checked(key, arguments.get(key)));
            }
        }
        return fields;
    }

    private static @Nullable Object checked(String key, @Nullable Object given) {
        if (given instanceof Map || Set.of("name", "prompt").contains(key) && given instanceof List) {
            throw new InvalidInputException(key, shown(given), "a plain value is expected", "see the tool's schema");
        }
        return given;
    }

    private static String shown(Object given) {
        String text = String.valueOf(given);
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
    }
}
