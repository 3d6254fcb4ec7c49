package dev.kairos.store.jdbc;

import dev.kairos.api.InvalidInputException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

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
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");

    /** Reads a configured URL. */
    static PostgresUrl of(String url) {
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
            throw new InvalidInputException(
                    "store.url",
                    shown(url),
                    SCHEMA + " names no schema",
                    "one name of letters, digits and _, for example ?" + SCHEMA + "=kairos");
        }
        return new PostgresUrl(url, schema);
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
