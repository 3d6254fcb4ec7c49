package dev.kairos.provider.crontab;

import java.nio.charset.StandardCharsets;

/** Texts with one character for each byte. */
final class Bytes {
    private Bytes() {}

    /** A text of ours as its bytes in UTF-8. */
    static String ofText(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    static String ofBytes(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    static byte[] toBytes(String bytes) {
        return bytes.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A text of ours, whatever it holds, for a comment. */
    static String inOneLine(String text) {
        return ofText(text.replaceAll("\\p{Cntrl}", "?"));
    }
}
