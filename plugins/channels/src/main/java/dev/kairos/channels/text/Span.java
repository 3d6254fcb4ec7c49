package dev.kairos.channels.text;

import java.util.Objects;

/**
 * A mark over a stretch of text.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param from the first UTF-16 unit
 * @param to the unit after the last
 * @param style what it means
 * @param detail the address of a link, the language of a block of code; otherwise empty
 */
public record Span(int from, int to, Style style, String detail) {
    /** What a mark means. */
    public enum Style {
        /** Strong. */
        BOLD,
        /** Emphasised. */
        ITALIC,
        /** Struck through. */
        STRIKE,
        /** Code within a line. */
        CODE,
        /** Lines of code, or of a table: every character counts, in a face of equal widths. */
        BLOCK,
        /** Somebody else's words, whole lines. */
        QUOTE,
        /** Leads to {@link Span#detail}. */
        LINK
    }

    public Span {
        Objects.requireNonNull(style);
        Objects.requireNonNull(detail);
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("span " + from + " to " + to);
        }
    }

    boolean isEmpty() {
        return from == to;
    }
}
