package dev.kairos.store.jdbc;

import dev.kairos.api.InvalidInputException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.postgresql.Driver;

/**
 * Where a PostgreSQL store is.
 *
 * @param text the URL as the driver takes it, which may hold a password
 * @param schema the schema of the tables
 */
record PostgresUrl(String text, String schema) {
    static final String PREFIX = "jdbc:postgresql:";

    private static final String SCHEMA = "currentSchema";
    private static final String STANDARD_SCHEMA = "kairos";
    private static final String SERVER = "(?:[^/:,@\\[\\]]+|\\[[0-9a-fA-F:]+])(?::[0-9]{1,5})?";
    private static final Pattern ADDRESS = Pattern.compile("(?://(?:" + SERVER + "(?:," + SERVER + ")*)?/)?[^/:@]*");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,55}");

    /**
     * Reads a configured URL.
     *
     * @throws InvalidInputException if it is none; the message shows nothing that may be a password
     */
    static PostgresUrl of(String configured) {
        String url = PREFIX + configured.substring(PREFIX.length());
        if (shown(url).indexOf('@') >= 0) {
            throw refused("it names a user before the server", "PostgreSQL's driver takes them as options");
        }
        // Looked at before the driver does, which would print what it takes for a wrong port.
        if (!ADDRESS.matcher(shown(url).substring(PREFIX.length())).matches()) {
            throw refused("it names no server and database", "see docs/stores.md");
        }
        if (!new Driver().acceptsURL(url)) {
            throw refused(
                    "an option behind its question mark cannot be read",
                    "where an option is written out, % is %25, & is %26 and + is %2B; what a file fills in is written so by"
                            + " itself");
        }
        String schema = STANDARD_SCHEMA;
        int options = url.indexOf('?');
        if (options >= 0) {
            for (String option : url.substring(options + 1).split("&")) {
                if (option.startsWith(SCHEMA + "=")) {
                    schema = URLDecoder.decode(option.substring(SCHEMA.length() + 1), StandardCharsets.UTF_8);
                }
            }
        }
        if (!NAME.matcher(schema).matches()) {
            throw refused(SCHEMA + " names no schema", "a schema is a name of at most 56 letters, digits and _");
        }
        return new PostgresUrl(url, schema);
    }

    private static InvalidInputException refused(String reason, String hint) {
        return new InvalidInputException(
                "store.url",
                PREFIX + "...",
                reason,
                "write " + PREFIX + "//HOST:PORT/DATABASE?user=NAME&password=${file:/path}; " + hint);
    }

    /** Without what stands behind the question mark: it may hold a password. */
    String shown() {
        return shown(text);
    }

    private static String shown(String url) {
        int options = url.indexOf('?');
        return options < 0 ? url : url.substring(0, options);
    }

    @Override
    public String toString() {
        return shown();
    }
}
