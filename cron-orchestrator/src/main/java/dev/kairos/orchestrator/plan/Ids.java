package dev.kairos.orchestrator.plan;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * Makes the ids that we give.
 *
 * <p>Status: internal.
 */
public final class Ids {
    private Ids() {}

    /** An execution's id: 16 hex digits. */
    public static String execution(RandomGenerator random) {
        return hex(random, 8);
    }

    /** A job's id: 12 hex digits. */
    public static String job(RandomGenerator random) {
        return hex(random, 6);
    }

    private static String hex(RandomGenerator random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
