package dev.kairos.app.server;

import dev.kairos.builtin.ConfigKey;
import dev.kairos.builtin.Configuration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The settings of the server, those of a wrong form replaced by their standard.
 *
 * <p>Status: internal.
 *
 * @param enabled whether it is wanted; empty where that depends on whether anything needs it
 * @param isConfigured whether any other key is set
 * @param port 0 for any free one
 * @param tokenFile relative to the home
 * @param allowedHosts as configured
 * @param bounds what one caller may take
 */
public record ServerSettings(
        Optional<Boolean> enabled,
        boolean isConfigured,
        String address,
        int port,
        Path tokenFile,
        List<String> allowedHosts,
        Bounds bounds) {
    /**
     * What one caller may take.
     *
     * @param request from the head of a request to the end of its body, and again for the answer to be taken
     * @param silence from the beginning of a connection, or the last answer, to the next whole head
     */
    public record Bounds(int body, int headers, int connections, Duration request, Duration silence) {
        public Bounds {
            Objects.requireNonNull(request);
            Objects.requireNonNull(silence);
        }
    }

    public ServerSettings {
        Objects.requireNonNull(enabled);
        Objects.requireNonNull(address);
        Objects.requireNonNull(tokenFile);
        allowedHosts = List.copyOf(allowedHosts);
        Objects.requireNonNull(bounds);
    }

    /** Reads them. */
    public static ServerSettings of(Configuration configuration) {
        boolean isConfigured = configuration.at("server").keys().stream().anyMatch(key -> !key.equals("enabled"));
        return new ServerSettings(
                configuration.getLenient(ConfigKey.SERVER_ENABLED),
                isConfigured,
                configuration.getLenient(ConfigKey.SERVER_ADDRESS).orElseThrow().strip(),
                number(configuration, ConfigKey.SERVER_PORT),
                Path.of(configuration
                        .getLenient(ConfigKey.SERVER_TOKEN_FILE)
                        .orElseThrow()
                        .strip()),
                configuration.getLenient(ConfigKey.SERVER_ALLOWED_HOSTS).orElseThrow(),
                new Bounds(
                        number(configuration, ConfigKey.SERVER_MAX_BODY),
                        number(configuration, ConfigKey.SERVER_MAX_HEADERS),
                        number(configuration, ConfigKey.SERVER_MAX_CONNECTIONS),
                        configuration
                                .getLenient(ConfigKey.SERVER_REQUEST_TIMEOUT)
                                .orElseThrow(),
                        configuration.getLenient(ConfigKey.SERVER_IDLE_TIMEOUT).orElseThrow()));
    }

    private static int number(Configuration configuration, ConfigKey<Long> key) {
        return Math.toIntExact(configuration.getLenient(key).orElseThrow());
    }

    /** Whether there is to be a server, given that something needs one or not. */
    public boolean isWanted(boolean isNeeded) {
        return enabled.orElse(isConfigured || isNeeded);
    }
}
