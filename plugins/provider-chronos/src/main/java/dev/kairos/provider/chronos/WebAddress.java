package dev.kairos.provider.chronos;

import dev.kairos.api.InvalidInputException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** An address from the settings: https, or http to this machine itself. Reads names alone and asks no name service. */
final class WebAddress {
    private WebAddress() {}

    /**
     * The address, without a slash at its end.
     *
     * @param key where it stands in the configuration
     * @param example a right one
     * @throws InvalidInputException if it may not be used
     */
    static URI of(String key, String text, String example) {
        URI address;
        try {
            address = new URI(text.replaceFirst("/+$", ""));
        } catch (URISyntaxException e) {
            throw refused(key, "it is no web address", example);
        }
        String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        if (address.getHost() == null || !(scheme.equals("https") || scheme.equals("http"))) {
            throw refused(key, "it is no web address", example);
        }
        if (address.getRawUserInfo() != null || address.getRawQuery() != null || address.getRawFragment() != null) {
            throw refused(key, "it holds more than scheme, host, port and path", example);
        }
        if (scheme.equals("http") && !isLoopback(address.getHost())) {
            throw refused(key, "http is taken to this machine alone, everything else needs https", example);
        }
        return address;
    }

    private static boolean isLoopback(String host) {
        return host.equalsIgnoreCase("localhost")
                || host.matches("127(\\.\\d{1,3}){3}")
                || host.equals("[::1]")
                || host.equals("[0:0:0:0:0:0:0:1]");
    }

    /** The example stands in the reason too: a warning about a provider that is not available shows that alone. */
    private static InvalidInputException refused(String key, String reason, String example) {
        return new InvalidInputException(key, "", reason + "; for example " + example, "an address such as " + example);
    }
}
