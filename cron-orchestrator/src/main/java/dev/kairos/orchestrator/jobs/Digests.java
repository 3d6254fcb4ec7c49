package dev.kairos.orchestrator.jobs;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What follows from a content, so that two processes make the same of it.
 *
 * <p>Status: internal.
 */
public final class Digests {
    private static final int JOB_ID_LENGTH = 12;

    private Digests() {}

    /** The job id that follows from a text, 12 hex digits. */
    public static String jobIdOf(String text) {
        return sha256(text).substring(0, JOB_ID_LENGTH);
    }

    /** A digest of a plain tree that does not depend on the order of keys, 16 hex digits. */
    public static String of(@Nullable Object tree) {
        StringBuilder text = new StringBuilder();
        write(text, tree);
        return sha256(text.toString()).substring(0, 16);
    }

    private static void write(StringBuilder text, @Nullable Object tree) {
        if (tree instanceof Map<?, ?> map) {
            TreeMap<String, @Nullable Object> sorted = new TreeMap<>();
            map.forEach((key, value) -> sorted.put(String.valueOf(key), value));
            text.append('{');
            sorted.forEach((key, value) -> {
                write(text, key);
                text.append(':');
                write(text, value);
                text.append(',');
            });
            text.append('}');
        } else if (tree instanceof Iterable<?> items) {
            text.append('[');
            Iterator<?> each = items.iterator();
            while (each.hasNext()) {
                write(text, each.next());
                text.append(',');
            }
            text.append(']');
        } else {
            String leaf = String.valueOf(tree);
            text.append(tree instanceof String ? 's' : 'v')
                    .append(leaf.length())
                    .append(' ')
                    .append(leaf);
        }
    }

    /** A digest of bytes, 64 hex digits. */
    public static String of(byte[] bytes) {
        return sha256(bytes);
    }

    private static String sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String sha256(byte[] bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
