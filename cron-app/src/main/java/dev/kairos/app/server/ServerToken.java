package dev.kairos.app.server;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.env.Environment;
import dev.kairos.builtin.ConfigKey;
import dev.kairos.builtin.Configuration;
import dev.kairos.builtin.system.FreshSecret;
import dev.kairos.orchestrator.PlainWords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Optional;

/**
 * The secret that lets callers in: {@code server.token}, else what the file holds, made with a token of its own where it
 * is missing. Looked at again every two seconds, so that a token can be replaced while the server runs. Thread-safe.
 *
 * <p>Status: internal.
 */
public final class ServerToken {
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final int SHORTEST = 16;
    private static final String FORM = SHORTEST + " or more visible ASCII characters without a space";

    private final Environment environment;
    private final Configuration configuration;
    private final Path file;
    private String current;
    private Duration lookedAt;

    private ServerToken(Environment environment, Configuration configuration, Path file) {
        this.environment = environment;
        this.configuration = configuration;
        this.file = file;
        this.current = withheld(read().orElseGet(this::made));
        this.lookedAt = environment.uptime();
    }

    /**
     * Finds the token, or makes one.
     *
     * @param file where it is kept unless it is configured
     * @throws InvalidInputException if it is too short, or cannot be read or written
     */
    public static ServerToken of(Environment environment, Configuration configuration, Path file) {
        return new ServerToken(environment, configuration, file);
    }

    /** Where a person finds it, for messages. */
    public String place() {
        return configured().isPresent() ? "server.token of the configuration" : file.toString();
    }

    /** Whether the text is the token. Takes as long for a text that is nearly right as for one that is not. */
    boolean isToken(String presented) {
        return MessageDigest.isEqual(digest(known()), digest(presented));
    }

    /** What cannot be read now leaves the former token in force. */
    private synchronized String known() {
        Duration now = environment.uptime();
        if (now.minus(lookedAt).compareTo(LOOK) >= 0) {
            lookedAt = now;
            try {
                current = withheld(read().orElse(current));
            } catch (InvalidInputException e) {
                return current;
            }
        }
        return current;
    }

    /** Neither a log nor a message shows it. */
    private String withheld(String token) {
        configuration.withhold(token);
        return token;
    }

    private Optional<String> configured() {
        return configuration.get(ConfigKey.SERVER_TOKEN).map(String::strip);
    }

    private Optional<String> read() {
        Optional<String> configured = configured();
        if (configured.isPresent()) {
            return Optional.of(checked("server.token", configured.get()));
        }
        try {
            return environment
                    .files()
                    .read(file)
                    .map(bytes -> checked(file.toString(), new String(bytes, StandardCharsets.UTF_8).strip()));
        } catch (IOException e) {
            throw refused("cannot be read (" + PlainWords.of(e) + ")", "a file that this user may read");
        }
    }

    private String made() {
        try {
            environment.files().replace(file, (FreshSecret.draw() + "\n").getBytes(StandardCharsets.UTF_8));
            return read().orElseThrow(() -> refused("was written and is not there", FORM)); // perhaps another daemon's
        } catch (IOException e) {
            throw refused(
                    "cannot be written (" + PlainWords.of(e) + ")",
                    "a folder that this user may write to, or server.token");
        }
    }

    private InvalidInputException refused(String reason, String accepted) {
        return new InvalidInputException(file.toString(), "", reason, accepted);
    }

    private static String checked(String where, String token) {
        if (token.length() < SHORTEST || !token.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new InvalidInputException(where, "(hidden)", "no token that can protect anything", FORM);
        }
        return token;
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
