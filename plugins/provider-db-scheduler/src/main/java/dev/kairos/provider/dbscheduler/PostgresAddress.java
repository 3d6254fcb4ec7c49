package dev.kairos.provider.dbscheduler;

import dev.kairos.api.Settings;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A PostgreSQL database and who logs in. Its text shows neither the password nor what stands behind the URL's question
 * mark.
 *
 * @param url as the driver takes it
 * @param user who logs in; empty if the URL says it
 * @param password the password; empty if none is needed or the URL says it
 */
record PostgresAddress(String url, Optional<String> user, Optional<String> password) {
    private static final String PREFIX = "jdbc:postgresql:";
    private static final String SERVER = "(?:[^/:,@\\[\\]\\s]+|\\[[0-9a-fA-F:]+])(?::[0-9]{1,5})?";
    private static final Pattern SHAPE =
            Pattern.compile(PREFIX + "//" + SERVER + "(?:," + SERVER + ")*/[^/:@?\\s]+(?:\\?\\S*)?");
    private static final String EXAMPLE = "url: jdbc:postgresql://db.example.org:5432/kairos, with user: and password:"
            + " ${KAIROS_DB_PASSWORD} beside it";

    /**
     * Reads {@code url}, {@code user} and {@code password}.
     *
     * @throws dev.kairos.api.InvalidInputException if there is no URL, or it is none of PostgreSQL; nothing of it is shown
     */
    static PostgresAddress of(Settings settings) {
        String url = settings.text("url").orElse("").strip();
        if (url.isEmpty()) {
            throw DbSchedulerSettings.refused(settings, "url", "", "it is not set", EXAMPLE);
        }
        String lower = url.toLowerCase(Locale.ROOT);
        String normal = lower.startsWith(PREFIX) ? PREFIX + url.substring(PREFIX.length()) : url;
        if (!SHAPE.matcher(normal).matches()) {
            throw DbSchedulerSettings.refused(
                    settings, "url", "", "it names no server and database of PostgreSQL", EXAMPLE);
        }
        return new PostgresAddress(normal, settings.text("user"), settings.text("password"));
    }

    @Override
    public String toString() {
        int options = url.indexOf('?');
        return options < 0 ? url : url.substring(0, options);
    }
}
