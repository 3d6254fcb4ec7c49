package dev.kairos.provider.chronos;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.Settings;
import dev.kairos.api.env.Environment;
import dev.kairos.provider.chronos.PortalException.Kind;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Opens conversations under the settings of the moment. Remembers that the portal refused the client: while the settings
 * stay the same it is asked again only after minutes, however often somebody tries. Thread-safe.
 */
final class Portals {
    private static final Duration REFUSAL_STANDS = Duration.ofMinutes(5);

    private final Settings config;
    private final Environment environment;
    private final Bounds bounds;
    private @Nullable Refusal refusal;

    private record Refusal(ChronosSettings by, String message, Duration until) {}

    Portals(Settings config, Environment environment, Bounds bounds) {
        this.config = config;
        this.environment = environment;
        this.bounds = bounds;
    }

    /** What is done in a conversation. */
    @FunctionalInterface
    interface Talk<T> {
        T with(Portal portal) throws PortalException, InterruptedException;
    }

    /**
     * Holds a conversation.
     *
     * @throws InvalidInputException if the settings cannot be used
     * @throws PortalException if the portal refused the client a short while ago, and whatever the talk throws
     */
    <T> T talk(Talk<T> talk) throws PortalException, InterruptedException {
        ChronosSettings settings = ChronosSettings.of(config, environment.files());
        Optional<String> standing = standing(settings);
        if (standing.isPresent()) {
            throw new PortalException(Kind.CLIENT_REFUSED, standing.get());
        }
        try (Portal portal = new Portal(settings, environment, bounds)) {
            return talk.with(portal);
        } catch (PortalException e) {
            if (e.kind() == Kind.CLIENT_REFUSED) {
                remember(new Refusal(
                        settings,
                        String.valueOf(e.getMessage()),
                        environment.uptime().plus(REFUSAL_STANDS)));
            }
            throw e;
        }
    }

    private synchronized void remember(Refusal refused) {
        refusal = refused;
    }

    private synchronized Optional<String> standing(ChronosSettings settings) {
        Refusal last = refusal;
        if (last == null || !last.by().equals(settings) || environment.uptime().compareTo(last.until()) >= 0) {
            return Optional.empty();
        }
        return Optional.of(last.message());
    }
}
