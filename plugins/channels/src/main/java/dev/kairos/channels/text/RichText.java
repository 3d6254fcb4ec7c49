package dev.kairos.channels.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Text with marks over it, the form between Markdown and what a platform reads. The marks are nested, an outer one before
 * those within. Whatever part is cut out of it carries its own marks whole: a fence is never left open.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param text what is to be read
 * @param spans the marks over it
 */
public record RichText(String text, List<Span> spans) {
    public RichText {
        Objects.requireNonNull(text);
        spans = List.copyOf(spans);
    }

    /** Text without a mark. */
    public static RichText plain(String text) {
        return new RichText(text, List.of());
    }

    /** The part between two places, with the marks that reach into it. */
    public RichText slice(int from, int to) {
        List<Span> kept = new ArrayList<>();
        for (Span span : spans) {
            int begin = Math.max(span.from(), from);
            int end = Math.min(span.to(), to);
            if (begin < end) {
                kept.add(new Span(begin - from, end - from, span.style(), span.detail()));
            }
        }
        return new RichText(text.substring(from, to), kept);
    }

    /** The same with a few plain words after it. */
    public RichText then(String words) {
        return new RichText(text + words, spans);
    }

    /** Without white space before and after it; a block of code keeps the indentation of its first line. */
    public RichText stripped() {
        int from = 0;
        int end = text.stripTrailing().length();
        while (from < end && isDropped(from)) {
            from++;
        }
        return slice(from, Math.max(from, end));
    }

    private boolean isDropped(int at) {
        char c = text.charAt(at);
        return c == '\n' || Character.isWhitespace(c) && spanAt(at, Span.Style.BLOCK) == null;
    }

    /** The mark of a style that holds the place and the unit before it together; null if there is none. */
    @org.jspecify.annotations.Nullable
    Span across(int at, Span.Style style) {
        for (Span span : spans) {
            if (span.style() == style && span.from() < at && at < span.to()) {
                return span;
            }
        }
        return null;
    }

    private @org.jspecify.annotations.Nullable Span spanAt(int at, Span.Style style) {
        for (Span span : spans) {
            if (span.style() == style && span.from() <= at && at < span.to()) {
                return span;
            }
        }
        return null;
    }
}
