package dev.kairos.channels.text;

import dev.kairos.channels.text.Span.Style;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects text and marks. A mark within a line ends with the line and begins anew on the next. Not thread-safe. */
final class RichTextBuilder {
    private final StringBuilder text = new StringBuilder();
    private final List<Span> spans = new ArrayList<>();

    int length() {
        return text.length();
    }

    void add(String more) {
        text.append(more);
    }

    boolean endsWith(String end) {
        return text.length() >= end.length()
                && text.substring(text.length() - end.length()).equals(end);
    }

    /** Marks what was added since the place. */
    void mark(int from, Style style, String detail) {
        int to = text.length();
        while (style == Style.QUOTE && to > from && text.charAt(to - 1) == '\n') {
            to--;
        }
        if (style == Style.BLOCK || style == Style.QUOTE || style == Style.LINK) {
            keep(from, to, style, detail);
            return;
        }
        for (int begin = from; begin < to; ) {
            int end = text.indexOf("\n", begin);
            end = end < 0 || end > to ? to : end;
            int first = begin;
            while (first < end && Character.isWhitespace(text.charAt(first))) {
                first++;
            }
            keep(first, end, style, detail);
            begin = end + 1;
        }
    }

    private void keep(int from, int to, Style style, String detail) {
        if (from < to) {
            spans.add(new Span(from, to, style, detail));
        }
    }

    /** The whole; of two marks over the same stretch the later made, which is the outer, comes first. */
    RichText build() {
        List<Span> nested = new ArrayList<>();
        for (int i = spans.size() - 1; i >= 0; i--) {
            nested.add(spans.get(i));
        }
        nested.sort(Comparator.comparingInt(Span::from)
                .thenComparing(Comparator.comparingInt(Span::to).reversed()));
        return new RichText(text.toString(), nested).stripped();
    }
}
