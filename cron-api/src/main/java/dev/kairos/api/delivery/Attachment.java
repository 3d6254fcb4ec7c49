package dev.kairos.api.delivery;

import java.util.Objects;

/**
 * A file that goes with a message, as it is in memory. Immutable, as long as nobody changes its bytes.
 *
 * <p>Status: experimental since 0.1.
 */
public final class Attachment {
    private final String name;
    private final String mediaType;
    private final byte[] bytes;

    private Attachment(String name, String mediaType, byte[] bytes) {
        this.name = name;
        this.mediaType = mediaType;
        this.bytes = bytes;
    }

    /**
     * A file.
     *
     * @param name what it is called, without a folder before it and on one line
     * @param mediaType such as {@code application/pdf}
     * @param bytes all of it; not copied, and not to be changed any more
     */
    public static Attachment of(String name, String mediaType, byte[] bytes) {
        if (name.isBlank() || name.chars().anyMatch(c -> c < 0x20 || c == 0x7f || c == '/' || c == '\\')) {
            throw new IllegalArgumentException("not the name of one file");
        }
        return new Attachment(name, Objects.requireNonNull(mediaType), Objects.requireNonNull(bytes));
    }

    /** What it is called: one line, no folder. May hold any letter and quotes. */
    public String name() {
        return name;
    }

    /** What it is, such as {@code application/pdf}; {@code application/octet-stream} where nobody knows. */
    public String mediaType() {
        return mediaType;
    }

    /** How many bytes it has. */
    public int size() {
        return bytes.length;
    }

    /** All of it; not a copy, so nobody changes it. */
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public String toString() {
        return "Attachment[" + mediaType + ", " + bytes.length + " bytes]";
    }
}
