package dev.kairos.builtin.plugin;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** A JAR as it lay in a folder when it was read, once: what is summed is what is loaded. */
final class FoundJar {
    private final Path source;
    private final byte[] content;
    private final String sha256;
    private final Optional<Trouble> refusal;

    private FoundJar(Path source, byte[] content, Optional<Trouble> refusal) {
        this.source = source;
        this.content = content;
        this.sha256 = content.length == 0 ? "" : sum(content);
        this.refusal = refusal;
    }

    static FoundJar of(Path source, byte[] content) {
        return new FoundJar(source, content, Optional.empty());
    }

    static FoundJar refused(Path source, Trouble why) {
        return new FoundJar(source, new byte[0], Optional.of(why));
    }

    /** The same file, not let in. */
    FoundJar refusedFor(Trouble why) {
        return new FoundJar(source, content, Optional.of(why));
    }

    Path source() {
        return source;
    }

    byte[] content() {
        return content;
    }

    /** The sum of its content; empty where it was not read, or is empty. */
    String sha256() {
        return sha256;
    }

    Optional<Trouble> refusal() {
        return refusal;
    }

    private static String sum(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}
