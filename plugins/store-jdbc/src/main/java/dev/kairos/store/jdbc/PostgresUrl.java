package dev.kairos.store.jdbc;

import dev.kairos.api.InvalidInputException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

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
    private static final String SERVER = "(?:[^/:,@\\[\\]]+|\\[[0-9a-fA-F:]+])(?::[0-9]{1,10})?";
    private static final Pattern ADDRESS = Pattern.compile("(?://(?:" + SERVER + "(?:," + SERVER + ")*)?/)?[^/:@]*");
    private static final Set<String> OWN_MACHINE = Set.of("localhost", "127.0.0.1", "::1", "[::1]");
    private static final Pattern PORT = Pattern.compile(":([0-9]+)(?=[,/]|$)");
    private static final int LAST_PORT = 65_535;
    private static final List<String> SAFETY =
            List.of("ssl", "sslmode", "sslNegotiation", "gssEncMode", "channelBinding", "requireAuth");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,55}");

    /**
     * Reads a configured URL.
     *
     * @throws InvalidInputException if it is none; the message shows nothing that may be a password
     */
    static PostgresUrl of(String configured) {
        String url = PREFIX + configured.substring(PREFIX.length());
        UrlOptions options = UrlOptions.of(url);
        if (shown(url).indexOf(';') >= 0 || options.hasSemicolons()) {
            throw refused(
                    "it has options behind a semicolon",
                    "PostgreSQL's stand behind a question mark, with & between them; in a password ; is %3B");
        }
        if (shown(url).indexOf('@') >= 0) {
            throw refused("it names a user before the server", "PostgreSQL's driver takes them as options");
        }
        // Looked at before the driver does, which would print what it takes for a wrong port.
        if (!ADDRESS.matcher(shown(url).substring(PREFIX.length())).matches()) {
            throw refused("it names no server and database", "see docs/stores.md");
        }
        requirePorts(shown(url));
        if (!new Driver().acceptsURL(url)) {
            throw refused(
                    "an option behind its question mark cannot be read",
                    "where an option is written out, % is %25, & is %26 and + is %2B; what a file fills in is written so by"
                            + " itself");
        }
        Optional<String> meant = options.misspelt();
        if (meant.isPresent()) {
            throw refused(
                    "an option behind its question mark is none of the driver's",
                    "did you mean " + meant.get() + "? In a password that is written out, & is %26");
        }
        Optional<String> refusedValue = options.refusedValue();
        if (refusedValue.isPresent()) {
            throw refused("an option behind its question mark has a value that the driver refuses", refusedValue.get());
        }
        String schema = options.value(SCHEMA).orElse(STANDARD_SCHEMA);
        if (!NAME.matcher(schema).matches()) {
            throw refused(SCHEMA + " names no schema", "a schema is a name of at most 56 letters, digits and _");
        }
        return new PostgresUrl(url, schema);
    }

    /** The driver would print its own word of one that is out of range. */
    private static void requirePorts(String address) {
        Matcher ports = PORT.matcher(address);
        while (ports.find()) {
            long port = Long.parseLong(ports.group(1));
            if (port < 1 || port > LAST_PORT) {
                throw refused("there is no port " + port, "a port is a number from 1 to " + LAST_PORT);
            }
        }
    }

    private static InvalidInputException refused(String reason, String hint) {
        return new InvalidInputException(
                "store.url",
                PREFIX + "...",
                reason,
                "write " + PREFIX + "//HOST:PORT/DATABASE?user=NAME&password=${file:/path}; " + hint);
    }

    /** Whether it gives a password; the driver may find one elsewhere, in a file of its own. */
    boolean hasPassword() {
        return UrlOptions.of(text)
                .value("password")
                .filter(password -> !password.isEmpty())
                .isPresent();
    }

    /** Whether it sets how the connection is to be made safe, which a server may not offer. */
    boolean asksForSafety() {
        UrlOptions options = UrlOptions.of(text);
        return SAFETY.stream().anyMatch(options::has);
    }

    /** Without what stands behind the question mark: it may hold a password. */
    String shown() {
        return shown(text);
    }

    /** The servers that it names, in whichever order, and under whichever name this machine is one of them. */
    String servers() {
        Properties read = Driver.parseURL(text, null);
        if (read == null) {
            return shown();
        }
        List<String> hosts = each(PGProperty.PG_HOST, read);
        List<String> ports = each(PGProperty.PG_PORT, read);
        return IntStream.range(0, hosts.size())
                .mapToObj(i -> written(hosts.get(i)) + ":" + ports.get(Math.min(i, ports.size() - 1)))
                .sorted()
                .collect(Collectors.joining(","));
    }

    private static List<String> each(PGProperty option, Properties read) {
        String all = option.getOrDefault(read);
        return all == null ? List.of("") : List.of(all.split(","));
    }

    private static String written(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return OWN_MACHINE.contains(lower) ? "localhost" : lower;
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
