package dev.kairos.runner.agent;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/** Tells an address that HTTP can be spoken with from other texts. */
final class HttpAddress {
    private HttpAddress() {}

    static boolean is(String text) {
        try {
            URI address = new URI(text);
            String scheme = Optional.ofNullable(address.getScheme()).orElse("").toLowerCase(Locale.ROOT);
            return (scheme.equals("http") || scheme.equals("https")) && address.getHost() != null;
        } catch (URISyntaxException malformed) {
            return false;
        }
    }
}
