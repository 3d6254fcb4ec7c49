package dev.kairos.builtin;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How {@code store.url} is written, and what was probably meant by one that no store takes. */
final class StoreUrlForms {
    private static final String SQLITE = "jdbc:sqlite:";
    private static final String POSTGRESQL = "jdbc:postgresql://HOST:PORT/DATABASE?user=NAME&password=${file:/path}";
    private static final String FORMS =
            SQLITE + "PATH (relative to the home), " + POSTGRESQL + ", or memory: to keep nothing";

    private static final Pattern POSTGRESQL_LIKE =
            Pattern.compile("(?s)(?:jdbc:)?(?:postgres|postgresql|pgsql|psql|pg)(?:[:/?].*|$)");
    private static final Pattern MEMORY_LIKE = Pattern.compile("(?:jdbc:)?(?:sqlite3?:)?:?mem(?:ory)?:?");
    private static final Pattern SQLITE_LIKE = Pattern.compile("(?:jdbc:)?sqlite3?:(.*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern FILE_LIKE = Pattern.compile("(?:file:)(.*)", Pattern.CASE_INSENSITIVE);
    /** Nothing that could stand before or in a password of somebody's URL. */
    private static final Pattern PLAIN_PATH = Pattern.compile("[A-Za-z0-9._/ ~-]{1,200}");

    private StoreUrlForms() {}

    /** What to write instead. Shows nothing of the given text but a plain path. */
    static String advice(String url) {
        String lower = url.toLowerCase(Locale.ROOT);
        if (lower.startsWith(SQLITE) && url.startsWith(SQLITE) || lower.startsWith("jdbc:postgresql:")) {
            return "put the module store-jdbc on the class path, or write memory: to keep nothing";
        }
        return meant(url, lower)
                .map(form -> "did you mean " + form + " ? The forms are " + FORMS)
                .orElse(FORMS);
    }

    private static Optional<String> meant(String url, String lower) {
        if (POSTGRESQL_LIKE.matcher(lower).matches()) {
            return Optional.of(POSTGRESQL);
        }
        if (MEMORY_LIKE.matcher(lower).matches()) {
            return Optional.of("memory:");
        }
        for (Pattern scheme : List.of(SQLITE_LIKE, FILE_LIKE)) {
            Matcher matcher = scheme.matcher(url);
            if (matcher.matches()) {
                return Optional.of(SQLITE + path(matcher.group(1)));
            }
        }
        return PLAIN_PATH.matcher(url).matches() ? Optional.of(SQLITE + path(url)) : Optional.empty();
    }

    /** Two or three slashes stand before a path in other programs' URLs. */
    private static String path(String text) {
        String path = text.replaceFirst("^/{2,}", "/");
        return PLAIN_PATH.matcher(path).matches() ? path : "PATH";
    }
}
