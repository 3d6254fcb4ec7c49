package dev.kairos.app.server;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The names under which the server may be called. A page that has its own name lead to this machine is refused by the name
 * it called, and a page of another origin by the origin that its browser tells. Immutable.
 */
final class AllowedHosts {
    /** Addresses that stand for all of the machine's, and the one of these by which the machine itself calls. */
    static final Map<String, String> LOOPBACK_OF = Map.of("0.0.0.0", "127.0.0.1", "::", "::1", "[::]", "::1");

    private final Set<String> names = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));

    AllowedHosts(String address, List<String> further) {
        if (!LOOPBACK_OF.containsKey(address)) {
            add(address);
        }
        further.forEach(this::add);
    }

    private void add(String text) {
        String name = text.strip().toLowerCase(Locale.ROOT);
        boolean isBareIpv6 = !name.startsWith("[") && name.indexOf(':') != name.lastIndexOf(':');
        names.add(isBareIpv6 ? "[" + name + "]" : name(name).orElse(name));
    }

    /** Whether a {@code Host} header's name is one of them; the port is not looked at, since a proxy has its own. */
    boolean areAsked(String host) {
        return name(host.toLowerCase(Locale.ROOT)).filter(names::contains).isPresent();
    }

    /** Whether an {@code Origin} header tells of a page of this very server. */
    static boolean isOwn(String origin, String host) {
        int scheme = origin.indexOf("://");
        return scheme > 0 && origin.substring(scheme + 3).equalsIgnoreCase(host);
    }

    /** The part before the port; empty if there is no such part. */
    private static Optional<String> name(String host) {
        int end = host.startsWith("[") ? host.indexOf(']') + 1 : host.indexOf(':');
        String name = end < 0 ? host : host.substring(0, end);
        String port = end < 0 ? "" : host.substring(end);
        return name.isEmpty() || !port.matches("(:\\d{1,5})?") ? Optional.empty() : Optional.of(name);
    }
}
