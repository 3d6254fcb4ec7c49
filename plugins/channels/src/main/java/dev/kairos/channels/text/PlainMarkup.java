package dev.kairos.channels.text;

import dev.kairos.channels.text.Span.Style;
import java.util.Deque;

/** Words alone. */
final class PlainMarkup extends Markup {
    static final PlainMarkup INSTANCE = new PlainMarkup(false);
    static final PlainMarkup BASIC = new PlainMarkup(true);

    private final boolean isBasic;

    private PlainMarkup(boolean isBasic) {
        this.isBasic = isBasic;
    }

    @Override
    protected String open(Span span, String marked) {
        return "";
    }

    @Override
    protected String close(Span span, String marked) {
        return span.style() == Style.LINK && !isBare(span, marked) ? " (" + span.detail() + ")" : "";
    }

    @Override
    protected String escape(String words, Deque<Span> within) {
        return isBasic ? basic(words) : words;
    }

    /** One sign beyond the default alphabet makes every segment less than half as long. */
    private static String basic(String words) {
        return words.replace('\u2022', '-')
                .replace('\u2013', '-')
                .replace('\u2014', '-')
                .replace('\u2018', '\'')
                .replace('\u2019', '\'')
                .replace('\u201c', '"')
                .replace('\u201d', '"')
                .replace('\u00a0', ' ')
                .replace("\u2026", "...");
    }
}
