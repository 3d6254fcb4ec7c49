package dev.kairos.channels.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Tells the public network from one's own: a URL that somebody wrote into a job must not make this machine ask its own
 * services, or its neighbours', for something.
 */
final class PublicAddresses {
    private PublicAddresses() {}

    /** Whether the address is one of the public network. */
    static boolean isPublic(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        byte[] bytes = address.getAddress();
        return address instanceof Inet6Address ? isPublic6(bytes) : isPublic4(bytes);
    }

    /** Beside what the JDK knows: RFC 6890's shared, reserved, benchmark and protocol blocks. */
    private static boolean isPublic4(byte[] b) {
        int first = b[0] & 0xff;
        int second = b[1] & 0xff;
        boolean isShared = first == 100 && second >= 64 && second < 128;
        boolean isProtocol = first == 192 && second == 0 && b[2] == 0;
        boolean isBenchmark = first == 198 && (second == 18 || second == 19);
        return first != 0 && first < 240 && !isShared && !isProtocol && !isBenchmark;
    }

    private static boolean isPublic6(byte[] b) {
        boolean isUniqueLocal = (b[0] & 0xfe) == 0xfc;
        if (isUniqueLocal) {
            return false;
        }
        if (b[0] == 0x20 && b[1] == 0x02) { // 6to4 carries an IPv4 address
            return isPublicWithin(b, 2);
        }
        boolean isTranslated = b[0] == 0 && b[1] == 0x64 && (b[2] & 0xff) == 0xff && (b[3] & 0xff) == 0x9b;
        boolean isCompatible = true;
        for (int i = 0; i < 12; i++) {
            isCompatible &= b[i] == 0;
        }
        return !isTranslated && !isCompatible || isPublicWithin(b, 12);
    }

    private static boolean isPublicWithin(byte[] b, int from) {
        try {
            return isPublic(InetAddress.getByAddress(Arrays.copyOfRange(b, from, from + 4)));
        } catch (UnknownHostException e) {
            return false; // four bytes always are an address
        }
    }
}
