package dev.kairos.app.server;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Which endpoint answers at which path, and how many calls of it go on at a time. Thread-safe once it is built. */
final class Routes {
    private final Map<String, Route> fixed = new LinkedHashMap<>();
    private final Function<String, Optional<Endpoint>> moving;
    private final Turnstile movingTurnstile;

    /**
     * Starts with what comes and goes.
     *
     * @param moving asked at each call with a path that is not fixed
     * @param turnstile of whatever it answers
     */
    Routes(Function<String, Optional<Endpoint>> moving, Turnstile turnstile) {
        this.moving = moving;
        this.movingTurnstile = turnstile;
    }

    /** An endpoint with its turnstile. */
    record Route(Endpoint endpoint, Turnstile turnstile) {}

    Routes add(String path, Endpoint endpoint, Turnstile turnstile) {
        fixed.put(path, new Route(endpoint, turnstile));
        return this;
    }

    Optional<Route> at(String path) {
        Route known = fixed.get(path);
        return known == null
                ? moving.apply(path).map(endpoint -> new Route(endpoint, movingTurnstile))
                : Optional.of(known);
    }
}
