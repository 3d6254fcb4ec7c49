package dev.kairos.store.jdbc;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.postgresql.PGProperty;

/**
 * What stands behind the question mark of a PostgreSQL URL. An option that the driver does not know does nothing there, so
 * that {@code pasword=} is no password and {@code sslmod=verify-full} no safety.
 */
final class UrlOptions {
    private static final int MOST_SLIPS = 2;
    private static final int LONG_ENOUGH = 5;
    private static final Pattern SEMICOLON = Pattern.compile(";\\s*([A-Za-z]+)\\s*=");

    private final List<String> options;

    private UrlOptions(List<String> options) {
        this.options = options;
    }

    static UrlOptions of(String url) {
        int mark = url.indexOf('?');
        return new UrlOptions(
                mark < 0 ? List.of() : List.of(url.substring(mark + 1).split("&")));
    }

    /** Whether an option is there, with a value or without. */
    boolean has(String name) {
        return options.stream().anyMatch(option -> option.equals(name) || option.startsWith(name + "="));
    }

    /** The last value given for an option, as the driver reads it. */
    Optional<String> value(String name) {
        Optional<String> found = Optional.empty();
        for (String option : options) {
            if (option.startsWith(name + "=")) {
                found = Optional.of(URLDecoder.decode(option.substring(name.length() + 1), StandardCharsets.UTF_8));
            }
        }
        return found;
    }

    /**
     * The option of the driver that was probably meant by one it does not know. What was written is not told: it may be the
     * rest of a password with an {@code &} in it. An option that resembles none may be another library's.
     */
    Optional<String> misspelt() {
        for (String option : options) {
            int end = option.indexOf('=');
            String name = end < 0 ? option : option.substring(0, end);
            if (PGProperty.forName(name) == null) {
                Optional<String> near = near(name);
                if (near.isPresent()) {
                    return near;
                }
            }
        }
        return Optional.empty();
    }

    /** An option whose value the driver would refuse, and what it takes instead. The value is not told: it may be anything. */
    Optional<String> refusedValue() {
        for (PGProperty option : PGProperty.values()) {
            String[] choices = option.getChoices();
            Optional<String> value = value(option.getName());
            if (choices != null && value.isPresent() && !takes(option, List.of(choices), value.get())) {
                return Optional.of(option.getName() + " is one of " + String.join(", ", choices));
            }
        }
        return Optional.empty();
    }

    private static boolean takes(PGProperty option, List<String> choices, String value) {
        return switch (option) {
            case TARGET_SERVER_TYPE -> choices.contains(value);
            case REQUIRE_AUTH -> Stream.of(value.split(",")).map(String::strip).allMatch(choices::contains);
            default -> choices.stream().anyMatch(value::equalsIgnoreCase);
        };
    }

    /** Whether one is written as other databases' URLs have them, behind a semicolon. */
    boolean hasSemicolons() {
        return options.stream()
                .flatMap(option -> SEMICOLON.matcher(option).results())
                .anyMatch(found -> PGProperty.forName(found.group(1).toLowerCase(Locale.ROOT)) != null);
    }

    private static Optional<String> near(String name) {
        Optional<String> found = Optional.empty();
        int fewest = MOST_SLIPS + 1;
        for (PGProperty property : PGProperty.values()) {
            String known = property.getName();
            int slips = name.equalsIgnoreCase(known) ? 0 : slips(name, known);
            if (slips < fewest && (slips < MOST_SLIPS || known.length() >= LONG_ENOUGH)) {
                fewest = slips;
                found = Optional.of(known);
            }
        }
        return found;
    }

    /** Letters to change, add or drop. */
    private static int slips(String a, String b) {
        int[] last = new int[b.length() + 1];
        Arrays.setAll(last, j -> j);
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, Math.min(row[j - 1], last[j]) + 1);
            }
            last = row;
        }
        return last[b.length()];
    }
}
