package dev.kairos.app.server;

import java.util.Set;

/**
 * What answers at one path. Called on threads of the server, several at a time.
 *
 * <p>Status: internal.
 */
public interface Endpoint {
    /** The methods it knows; the server answers 405 to others. */
    Set<String> methods();

    /** Whether only callers with the token reach it. */
    default boolean needsToken() {
        return true;
    }

    /** The largest body it reads, in bytes. */
    default int largestBody() {
        return 0;
    }

    /**
     * Answers. What it throws is logged and answered with 500 and no detail.
     *
     * @throws InterruptedException if the server stops
     */
    HttpAnswer answer(HttpCall call) throws InterruptedException;
}
