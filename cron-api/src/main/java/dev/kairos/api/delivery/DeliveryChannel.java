package dev.kairos.api.delivery;

import dev.kairos.api.InvalidInputException;

/**
 * Delivers to one platform. A plug-in implements it; it grows only by methods with a default body.
 *
 * <p>Calls come from the host's delivery pool, may overlap, may block up to the send's deadline, and end promptly when
 * their thread is interrupted. Status: experimental since 0.1.
 */
public interface DeliveryChannel {
    /** The platform's name: the word before the colon of a target. Lower-case letters and digits. */
    String platform();

    /**
     * Checks the part of a target after the platform's name, without a connection.
     *
     * @param address the text after the first colon, empty for the platform's home target
     * @throws InvalidInputException if it cannot be an address here; the accepted form carries a right example
     */
    void checkAddress(String address);

    /**
     * Sends one message. Returning means that the platform confirmed it.
     *
     * @return what the platform calls the message, for the ledger; empty if it names none
     * @throws DeliveryException if it was refused or its fate is unknown
     */
    String send(DeliveryMessage message) throws DeliveryException, InterruptedException;

    /** Whether a send whose fate is unknown may be repeated because the platform recognises the repetition. */
    default boolean recognisesRepetition() {
        return false;
    }
}
