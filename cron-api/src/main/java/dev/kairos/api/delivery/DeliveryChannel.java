package dev.kairos.api.delivery;

import dev.kairos.api.InvalidInputException;
import java.time.Duration;
import java.util.List;

/**
 * Delivers to one platform. A plug-in implements it; it grows only by methods with a default body.
 *
 * <p>Calls come from the host's delivery pool, may overlap, may block up to the send's deadline, and end promptly when
 * their thread is interrupted. Status: experimental since 0.1.
 */
public interface DeliveryChannel {
    /** How far off a turn may be that {@link #turn} takes. */
    Duration LONGEST_TURN = Duration.ofMinutes(1);

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
     * Takes the next free turn of the address, where the platform likes to be asked at a pace. The host asks before each
     * {@link #send}, waits that long, and only then commits that it sends: a wait leaves nothing in doubt. Neither blocks
     * nor opens a connection.
     *
     * @param address as {@link #send} gets it
     * @return how long until it, zero for now; a turn later than {@link #LONGEST_TURN} was not taken, and is asked for again
     *     then
     */
    default Duration turn(String address) {
        return Duration.ZERO;
    }

    /**
     * Sends one message. Returning means that the platform confirmed it.
     *
     * @return what the platform calls the message, for the ledger; empty if it names none
     * @throws DeliveryException if it was refused or its fate is unknown
     */
    String send(DeliveryMessage message) throws DeliveryException, InterruptedException;

    /**
     * Cuts a text into what the platform takes as one message each. The host sends the parts in order and commits each
     * receipt before the next; a later attempt goes on with the first part that has none. Opens no connection; the same
     * text gives the same parts.
     *
     * @return at least one part
     */
    default List<String> parts(String text) {
        return List.of(text);
    }

    /**
     * Whether it sends files. If it does not, the host names them in the words instead and {@link #send} never gets one;
     * if it does, each is a message of its own after the words, with a receipt of its own. The same answer as long as its
     * settings stay the same.
     */
    default boolean takesFiles() {
        return false;
    }

    /**
     * For how long, after the first request, the platform recognises a repeated one by its idempotency key: the documented
     * lifetime of the key. Zero if it takes none: a send whose fate is unknown is then never repeated.
     */
    default Duration recognisesRepetitionFor() {
        return Duration.ZERO;
    }

    /** The forms of an address with a right example of each, for people who look for one; empty if there is nothing to say. */
    default String addressForms() {
        return "";
    }
}
