package dev.kairos.api.delivery;

import dev.kairos.api.InvalidInputException;
import java.util.Set;

/**
 * Makes the channels of a plug-in; found through {@link java.util.ServiceLoader}. A plug-in implements it; it grows only by
 * methods with a default body.
 *
 * <p>It is asked only once somebody needs a platform, on the thread that does. Status: experimental since 0.1.
 */
public interface DeliveryChannelFactory {
    /** The platforms it knows: lower-case letters and digits, each the word before the colon of a target. */
    Set<String> platforms();

    /**
     * Makes the channel of one platform. Opens no connection.
     *
     * @param platform one of {@link #platforms}
     * @throws InvalidInputException if the settings lack something without which nothing can be sent; the accepted form says
     *     what to write. The platform is then none of this host's.
     */
    DeliveryChannel open(String platform, ChannelContext context);
}
