package dev.kairos.channels.text;

import java.nio.charset.StandardCharsets;

/**
 * The unit in which a platform counts a message.
 *
 * <p>Status: experimental since 0.1.
 */
@FunctionalInterface
public interface Measure {
    /** UTF-16 units of what is sent. */
    Measure UNITS = (text, rendered) -> rendered.length();

    /** UTF-16 units of what is seen, once the platform has read the marks. */
    Measure SEEN_UNITS = (text, rendered) -> text.text().length();

    /** Characters (code points) of what is sent. */
    Measure CHARACTERS = (text, rendered) -> rendered.codePointCount(0, rendered.length());

    /** UTF-8 bytes of what is sent. */
    Measure BYTES = (text, rendered) -> rendered.getBytes(StandardCharsets.UTF_8).length;

    /** Segments of a text message: 160 septets or 153 each in GSM 03.38, 70 UTF-16 units or 67 each otherwise. */
    Measure SEGMENTS = (text, rendered) -> Segments.of(rendered);

    /**
     * How much of the limit it takes.
     *
     * @param text what is seen
     * @param rendered what is sent
     */
    int of(RichText text, String rendered);
}
