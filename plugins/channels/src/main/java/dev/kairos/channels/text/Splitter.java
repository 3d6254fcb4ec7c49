package dev.kairos.channels.text;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a text where reading suffers least: between paragraphs, else lines, else words, and never within what is seen as
 * one character. A link is cut only if it fills a message alone. Each part closes its own marks.
 */
final class Splitter {
    private static final Pattern CHARACTER = Pattern.compile("\\X");
    private static final int LONGEST_WORD_LOOKED_BACK = 200;
    private static final int MOST_PARTS = 999;

    private final TextForm form;

    Splitter(TextForm form) {
        this.form = form;
    }

    List<RichText> split(RichText text) {
        if (form.sizeOf(text) <= form.limit()) {
            return List.of(text);
        }
        List<RichText> parts = cut(text, number(99, 99));
        if (parts.size() > 99) {
            parts = cut(text, number(MOST_PARTS, MOST_PARTS));
        }
        List<RichText> numbered = new ArrayList<>();
        for (RichText part : parts) {
            numbered.add(part.then(number(numbered.size() + 1, parts.size())));
        }
        return numbered;
    }

    private static String number(int part, int of) {
        return "\n\n(" + part + "/" + of + ")";
    }

    private List<RichText> cut(RichText text, String reserve) {
        List<RichText> parts = new ArrayList<>();
        int length = text.text().length();
        int at = 0;
        while (at < length) {
            int end = breakAt(text, at, furthest(text, at, reserve));
            while (end - at > 1 && !fits(text, at, end, reserve)) {
                end = character(text.text(), at, at + (end - at) * 3 / 4);
            }
            RichText part = text.slice(at, end).stripped();
            if (!part.text().isEmpty()) {
                parts.add(part);
            }
            at = end;
        }
        return parts;
    }

    private boolean fits(RichText text, int from, int to, String reserve) {
        return form.sizeOf(text.slice(from, to).stripped().then(reserve)) <= form.limit();
    }

    /** The longest stretch from the place that fits. */
    private int furthest(RichText text, int at, String reserve) {
        int length = text.text().length();
        int good = at;
        int step = Math.max(form.limit(), 1024);
        while (step > 0) {
            int tried = (int) Math.min(length, (long) good + step);
            if (tried > good && fits(text, at, tried, reserve)) {
                good = tried;
                if (good == length) {
                    return length;
                }
            } else {
                step /= 2;
            }
        }
        return Math.max(good, at + 1);
    }

    /** Where to cut at the latest at {@code end}. */
    private static int breakAt(RichText rich, int at, int end) {
        String text = rich.text();
        if (end >= text.length()) {
            return text.length();
        }
        int paragraph = text.lastIndexOf("\n\n", end - 1);
        if (paragraph > at + (end - at) / 2) {
            return beforeHeading(rich, at, paragraph) + 1;
        }
        int line = text.lastIndexOf('\n', end);
        if (line > at + (end - at) / 3) {
            return line;
        }
        int word = lastSpace(rich, at, end);
        if (word > at) {
            return word;
        }
        Span link = rich.across(end, Span.Style.LINK);
        if (link != null && link.from() > at) {
            return link.from();
        }
        return character(text, at, end);
    }

    /** A heading goes with what follows it. */
    private static int beforeHeading(RichText rich, int at, int paragraph) {
        int before = rich.text().lastIndexOf("\n\n", paragraph - 1);
        boolean isHeading = before > at
                && rich.spans().stream()
                        .anyMatch(span ->
                                span.style() == Span.Style.BOLD && span.from() == before + 2 && span.to() == paragraph);
        return isHeading ? before : paragraph;
    }

    private static int lastSpace(RichText rich, int at, int end) {
        String text = rich.text();
        int least = at + (end - at) / 4;
        for (int i = end; i > least; i--) {
            if (Character.isWhitespace(text.charAt(i)) || isBetweenWideCharacters(text, i)) {
                int before = outsideLink(rich, i);
                return before > at ? before : -1;
            }
        }
        return -1;
    }

    /** Chinese and Japanese are cut between any two characters. */
    private static boolean isBetweenWideCharacters(String text, int at) {
        return Character.isIdeographic(text.codePointBefore(at)) && Character.isIdeographic(text.codePointAt(at));
    }

    private static int outsideLink(RichText rich, int at) {
        @Nullable Span link = rich.across(at, Span.Style.LINK);
        return link == null ? at : link.from();
    }

    /** The last boundary between two characters as people see them, at the latest at {@code end}. */
    private static int character(String text, int at, int end) {
        int from = Math.max(at, end - LONGEST_WORD_LOOKED_BACK);
        if (from > at && Character.isLowSurrogate(text.charAt(from))) {
            from--;
        }
        int boundary = from;
        Matcher character = CHARACTER.matcher(text).region(from, text.length());
        while (character.find() && character.end() <= end) {
            boundary = character.end();
        }
        if (boundary > at) {
            return boundary;
        }
        // One character alone is too long: cut it, but never through a surrogate pair.
        int cut = Math.max(at + 1, end);
        boolean isWithinPair = cut < text.length() && Character.isLowSurrogate(text.charAt(cut));
        return !isWithinPair ? cut : cut - 1 > at ? cut - 1 : cut + 1;
    }
}
