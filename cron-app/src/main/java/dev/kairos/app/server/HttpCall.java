package dev.kairos.app.server;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * One call that was let in, with its whole body.
 *
 * <p>Status: internal.
 *
 * @param method {@code GET}, {@code POST} ...
 * @param header the first header of a name, whatever its case
 * @param body empty where there is none
 * @param from the caller's address, without a port
 */
public record HttpCall(String method, Function<String, Optional<String>> header, byte[] body, String from) {
    public HttpCall {
        Objects.requireNonNull(method);
        Objects.requireNonNull(header);
        Objects.requireNonNull(body);
        Objects.requireNonNull(from);
    }
}
