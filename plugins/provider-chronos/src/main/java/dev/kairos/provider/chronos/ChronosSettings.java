package dev.kairos.provider.chronos;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.Settings;
import dev.kairos.api.env.HostFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What outbound calls need. Read anew for each conversation, so that a token may be replaced while the process runs.
 *
 * @param portal where the portal is, without a slash at its end
 * @param callback where the portal reaches this agent, without a slash at its end
 * @param token what the portal knows this agent by
 */
record ChronosSettings(URI portal, URI callback, BearerToken token) {
    static final String PORTAL_URL = "portal_url";
    static final String CALLBACK_URL = "callback_url";
    static final String TOKEN = "token";
    static final String TOKEN_FILE = "token_file";

    ChronosSettings {
        Objects.requireNonNull(portal);
        Objects.requireNonNull(callback);
        Objects.requireNonNull(token);
    }

    /** The keys without a value among those that must have one. */
    static List<String> missing(Settings settings) {
        List<String> missing = new ArrayList<>();
        if (text(settings, PORTAL_URL).isEmpty()) {
            missing.add(path(settings, PORTAL_URL));
        }
        if (text(settings, CALLBACK_URL).isEmpty()) {
            missing.add(path(settings, CALLBACK_URL));
        }
        if (text(settings, TOKEN).isEmpty() && text(settings, TOKEN_FILE).isEmpty()) {
            missing.add(path(settings, TOKEN) + " (or " + TOKEN_FILE + ")");
        }
        return missing;
    }

    /**
     * The settings as they are now.
     *
     * @throws InvalidInputException if one is absent or cannot be used; its text never holds the token
     */
    static ChronosSettings of(Settings settings, HostFiles files) {
        return new ChronosSettings(
                WebAddress.of(
                        path(settings, PORTAL_URL),
                        required(settings, PORTAL_URL, "https://portal.example"),
                        "https://portal.example"),
                WebAddress.of(
                        path(settings, CALLBACK_URL),
                        required(settings, CALLBACK_URL, "https://agent.example"),
                        "https://agent.example"),
                token(settings, files));
    }

    private static BearerToken token(Settings settings, HostFiles files) {
        Optional<String> given = text(settings, TOKEN);
        Optional<String> file = text(settings, TOKEN_FILE);
        if (given.isPresent() && file.isPresent()) {
            throw refused(settings, TOKEN_FILE, "token is set too", "leave one of the two");
        }
        String key = given.isPresent() ? TOKEN : TOKEN_FILE;
        String text = given.or(() -> file.map(name -> content(settings, files, name)))
                .orElseThrow(() -> refused(settings, TOKEN, "it is not set", "for example ${CHRONOS_TOKEN}"));
        if (!BearerToken.isLegal(text)) {
            throw refused(
                    settings,
                    key,
                    "the token is empty or holds what no header may hold",
                    "visible ASCII characters without a space");
        }
        return BearerToken.of(text);
    }

    private static String content(Settings settings, HostFiles files, String name) {
        String example = "for example /run/secrets/chronos-token";
        try {
            Path file = Path.of(name);
            if (!file.isAbsolute()) {
                throw refused(settings, TOKEN_FILE, "the path is not absolute", example);
            }
            byte[] bytes =
                    files.read(file).orElseThrow(() -> refused(settings, TOKEN_FILE, "there is no such file", example));
            return new String(bytes, StandardCharsets.UTF_8).strip();
        } catch (InvalidPathException | IOException e) {
            throw refused(settings, TOKEN_FILE, "the file cannot be read", example);
        }
    }

    /** A text, or empty if it is absent or blank. */
    static Optional<String> text(Settings settings, String key) {
        return settings.text(key).map(String::strip).filter(text -> !text.isEmpty());
    }

    private static String required(Settings settings, String key, String example) {
        return text(settings, key).orElseThrow(() -> refused(settings, key, "it is not set", "for example " + example));
    }

    /** The key as a person writes it. */
    static String path(Settings settings, String key) {
        return settings.path().isEmpty() ? key : settings.path() + "." + key;
    }

    /** A refusal whose reason says what to do as well: a warning about a provider shows that alone. */
    static InvalidInputException refused(Settings settings, String key, String reason, String remedy) {
        return new InvalidInputException(path(settings, key), "", reason + "; " + remedy, remedy);
    }
}
