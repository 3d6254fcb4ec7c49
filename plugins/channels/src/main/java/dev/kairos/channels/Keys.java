package dev.kairos.channels;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.Settings;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The settings of one platform, with errors that say what to write. Read anew with each call, so that a token may be
 * replaced while the process runs.
 *
 * <p>Status: experimental since 0.1.
 */
public final class Keys {
    private static final Set<String> EVERYWHERE = Set.of("home", "timeout", "connect_timeout");

    private final Settings settings;

    /** Over {@code delivery.<platform>}. */
    public Keys(Settings settings) {
        this.settings = settings;
    }

    /**
     * A text without which nothing can be sent.
     *
     * @param example what could stand there; never a secret itself
     * @throws InvalidInputException if it is absent
     */
    public String required(String key, String example) {
        return text(key).orElseThrow(() -> absent(key, example));
    }

    /**
     * Asks whether it is there. One that cannot be read just now, in a shell without the daemon's variables for instance,
     * is: why it cannot be read is said when it is needed.
     *
     * @throws InvalidInputException if it is absent
     */
    public void need(String key, String example) {
        boolean isAbsent;
        try {
            isAbsent = text(key).isEmpty();
        } catch (InvalidInputException e) {
            isAbsent = false;
        }
        if (isAbsent) {
            throw absent(key, example);
        }
    }

    /**
     * Refuses a setting that nobody reads: a slip in the name of a server's address would send to another server.
     *
     * @param read what the platform reads, beside {@code home}, {@code timeout} and {@code connect_timeout}
     * @throws InvalidInputException if there is another; it names those that may stand there
     */
    public void refuseOthers(Set<String> read) {
        Set<String> known = new TreeSet<>(read);
        known.addAll(EVERYWHERE);
        for (String key : new TreeSet<>(settings.keys())) {
            if (!known.contains(key)) {
                throw new InvalidInputException(
                        path(key),
                        "",
                        "nothing reads it",
                        "below " + settings.path() + " may stand " + String.join(", ", known) + "; take out or rename "
                                + key);
            }
        }
    }

    private InvalidInputException absent(String key, String example) {
        return new InvalidInputException(
                path(key),
                "",
                "it is not set",
                "set " + key + " below " + settings.path() + ", for example to " + example);
    }

    /** A text, or empty if it is absent or blank. */
    public Optional<String> text(String key) {
        return settings.text(key).map(String::strip).filter(text -> !text.isEmpty());
    }

    /** A duration. */
    public Duration duration(String key, Duration otherwise) {
        return settings.duration(key).orElse(otherwise);
    }

    /** A whole number. */
    public long number(String key, long otherwise) {
        return settings.number(key).orElse(otherwise);
    }

    /** Yes or no. */
    public boolean flag(String key) {
        return settings.flag(key).orElse(false);
    }

    /** The keys of a subtree one level down. */
    public Keys at(String key) {
        return new Keys(settings.at(key));
    }

    /** Whether anything stands below the key. */
    public boolean has(String key) {
        return settings.keys().contains(key);
    }

    /**
     * The address of a server, without a slash at its end.
     *
     * @throws InvalidInputException if it is no http or https address, or absent while there is no other
     */
    public String url(String key, String otherwise) {
        String url = otherwise.isEmpty()
                ? required(key, "https://host.example")
                : text(key).orElse(otherwise);
        if (!isWeb(url)) {
            throw new InvalidInputException(
                    path(key),
                    "",
                    "it is no address of a web server",
                    "set " + key + " below " + settings.path() + ", for example to https://host.example");
        }
        return url.replaceFirst("/+$", "");
    }

    /** Whether the text is an http or https address with a host and no user before it. */
    public static boolean isWeb(String url) {
        try {
            URI uri = new URI(url);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            return (scheme.equals("https") || scheme.equals("http"))
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getFragment() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private String path(String key) {
        return settings.path().isEmpty() ? key : settings.path() + "." + key;
    }
}
