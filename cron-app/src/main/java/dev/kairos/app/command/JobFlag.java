package dev.kairos.app.command;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.job.FieldType;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.Misfire;
import dev.kairos.api.job.OnCrash;
import dev.kairos.api.job.Overlap;
import dev.kairos.app.terminal.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The flag of one job field: {@code --field VALUE} sets it and {@code --no-field} clears it (or says no, where it is a
 * yes or no).
 *
 * @param field the field
 * @param name the flag that sets it
 * @param opposite the flag that clears it
 */
record JobFlag(JobField<?> field, String name, String opposite) {
    /** Stamps that only the system writes; nobody sets them by hand. */
    static final Set<JobField<?>> KEPT_BY_THE_SYSTEM =
            Set.of(JobField.CREATED_AT, JobField.UPDATED_AT, JobField.PAUSED_AT);

    /** The last part of a retry, or all of it. */
    private static final Pattern AFTER_TOOLS = Pattern.compile("(^|:)\\s*after-tools\\s*$");

    /** One flag for each field a person may set, in the order of the catalogue. */
    static List<JobFlag> all() {
        return JobField.all().stream()
                .filter(field -> !KEPT_BY_THE_SYSTEM.contains(field))
                .map(JobFlag::of)
                .toList();
    }

    private static JobFlag of(JobField<?> field) {
        if (field.equals(JobField.NO_AGENT)) {
            return new JobFlag(field, "--no-agent", "--agent");
        }
        if (field.equals(JobField.ENABLED)) {
            return new JobFlag(field, "--no-paused", "--paused");
        }
        if (field.equals(JobField.PAUSED_REASON)) {
            return new JobFlag(field, "--reason", "--no-reason");
        }
        String word = field.key().replace('_', '-');
        return new JobFlag(field, "--" + word, "--no-" + word);
    }

    void define(CommandSpec spec) {
        String meaning = field.meaning();
        if (field.type() == FieldType.FLAG) {
            boolean isPause = field.equals(JobField.ENABLED);
            spec.addOption(
                    Options.flag(isPause ? "it is due by its schedule: the opposite of --paused" : meaning, name));
            spec.addOption(Options.flag(
                    isPause ? "it is never due until it is resumed" : "the opposite of " + name, opposite));
            return;
        }
        switch (field.type()) {
            case LIST:
                spec.addOption(Options.values(label(), meaning + "; may be repeated", name));
                break;
            case TEXT_MAP:
                spec.addOption(Options.values("NAME=VALUE", meaning + "; may be repeated", name));
                break;
            case CHOICE:
                spec.addOption(Options.choice(label(), words(), meaning, name));
                break;
            default:
                spec.addOption(Options.value(label(), meaning, name));
        }
        spec.addOption(Options.flag("clears " + name, opposite));
    }

    private String label() {
        if (field.equals(JobField.MISFIRE)) {
            return "POLICY[:GRACE]";
        }
        if (field.equals(JobField.RETRY)) {
            return "COUNT[:BACKOFF[:MOST]][:after-tools]";
        }
        switch (field.type()) {
            case DURATION:
                return "DURATION";
            case OBJECT:
                return "JSON";
            case NUMBER:
                return "COUNT";
            case SCHEDULE:
                return "SCHEDULE";
            case CHOICE:
                return String.join("|", words());
            default:
                return field.key().toUpperCase(Locale.ROOT);
        }
    }

    private List<String> words() {
        Enum<?>[] values = field.equals(JobField.OVERLAP) ? Overlap.values() : OnCrash.values();
        return Arrays.stream(values)
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    /**
     * Hands over what was typed for this field: the plain value, or null to clear it. Nothing if neither flag was typed.
     *
     * @throws InvalidInputException if the value cannot be read; it names the flag
     */
    void read(Arguments arguments, BiConsumer<JobField<?>, @Nullable Object> taker) {
        boolean set = arguments.has(name);
        boolean cleared = arguments.has(opposite);
        if (set && cleared) {
            throw CommandFailure.usage(name + " and " + opposite + " contradict each other", "give one of the two");
        }
        if (field.type() == FieldType.FLAG) {
            if (set || cleared) {
                taker.accept(field, set);
            }
        } else if (cleared) {
            taker.accept(field, null);
        } else if (set) {
            taker.accept(field, value(arguments));
        }
    }

    private Object value(Arguments arguments) {
        switch (field.type()) {
            case LIST:
                return arguments.texts(name).stream()
                        .flatMap(items -> Arrays.stream(items.split(",")))
                        .map(String::strip)
                        .filter(item -> !item.isEmpty())
                        .toList();
            case TEXT_MAP:
                return pairs(arguments.texts(name));
            case OBJECT:
                return Json.object(name, arguments.text(name).orElse(""));
            case STRUCTURE:
                return structure(arguments.text(name).orElse(""));
            default:
                return arguments.text(name).orElse("");
        }
    }

    private Map<String, Object> pairs(List<String> texts) {
        Map<String, Object> pairs = new LinkedHashMap<>();
        for (String text : texts) {
            int equals = text.indexOf('=');
            if (equals < 1) {
                String shown = equals < 0 ? text : "";
                throw new InvalidInputException(
                        name,
                        shown,
                        "a name, an equals sign and a value are expected",
                        "write for example " + name + " CITY=Gdynia");
            }
            pairs.put(text.substring(0, equals), text.substring(equals + 1));
        }
        return pairs;
    }

    private Object structure(String text) {
        if (text.strip().startsWith("{")) {
            return Json.object(name, text);
        }
        List<String> keys = new ArrayList<>(
                field.equals(JobField.MISFIRE)
                        ? List.of("policy", "grace")
                        : List.of("max_retries", "backoff", "max_backoff"));
        boolean isAfterTools =
                field.equals(JobField.RETRY) && AFTER_TOOLS.matcher(text).find();
        String[] parts = (isAfterTools ? AFTER_TOOLS.matcher(text).replaceFirst("") : text).split(":", -1);
        if (parts.length > keys.size()) {
            String example = field.equals(JobField.MISFIRE) ? policyExample() : "3:2s:1m";
            throw new InvalidInputException(
                    name, text, "too many parts", "write " + label() + ", for example " + example);
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        for (int i = 0; i < parts.length; i++) {
            if (!parts[i].isBlank()) {
                tree.put(keys.get(i), parts[i].strip());
            }
        }
        if (isAfterTools) {
            tree.put("after_tools", true);
        }
        return tree;
    }

    private static String policyExample() {
        return Misfire.Policy.SKIP.name().toLowerCase(Locale.ROOT) + ":10m";
    }
}
