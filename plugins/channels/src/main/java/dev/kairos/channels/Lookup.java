package dev.kairos.channels;

import dev.kairos.api.delivery.DeliveryException;
import dev.kairos.channels.http.Answer;
import dev.kairos.channels.http.HttpCall;

/**
 * Asks a platform for what a request needs. What goes wrong here sent nothing.
 *
 * <p>Status: experimental since 0.1.
 */
@FunctionalInterface
public interface Lookup {
    /**
     * The answer, if it is one.
     *
     * @throws DeliveryException transient or terminal, as the platform's refusal is
     */
    Answer ask(HttpCall call) throws DeliveryException, InterruptedException;
}
