package dev.kairos.builtin.system;

import java.security.SecureRandom;
import java.util.Base64;

/**
 * Draws secrets, from the machine's own source for them: what {@code Environment.random} gives can be foretold by whoever
 * has seen enough of it.
 *
 * <p>Status: internal.
 */
public final class FreshSecret {
    private static final int BYTES = 32;

    private FreshSecret() {}

    /** 256 bits as 43 letters, digits, {@code -} and {@code _}. */
    public static String draw() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
