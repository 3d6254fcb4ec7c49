package dev.kairos.store.jdbc;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** A store's place as everybody may read it: what it is made of cannot be seen in it. */
final class PlaceDigest {
    private static final int BYTES = 8;

    private PlaceDigest() {}

    /** The same for the same parts in the same order. */
    static String of(String... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                digest.update(part.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0); // stands in no part: they cannot run into each other
            }
            return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(), BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
