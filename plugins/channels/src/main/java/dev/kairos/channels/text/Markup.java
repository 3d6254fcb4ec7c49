package dev.kairos.channels.text;

import dev.kairos.channels.text.Span.Style;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * How one platform writes text with marks. A platform without marks takes {@link #plain}; one with its own extends it.
 *
 * <p>Status: experimental since 0.1.
 */
public abstract class Markup {
    /** Words alone; the address of a link stands after it. */
    public static Markup plain() {
        return PlainMarkup.INSTANCE;
    }

    /** Words alone in the letters that a text message holds most of: plain dashes, quotes and dots. */
    public static Markup basic() {
        return PlainMarkup.BASIC;
    }

    /** What the mark begins with. */
    protected abstract String open(Span span, String marked);

    /** What it ends with. */
    protected abstract String close(Span span, String marked);

    /**
     * Plain words so that the platform reads them as they are.
     *
     * @param within the innermost mark over them, if any is
     */
    protected abstract String escape(String words, Deque<Span> within);

    /** What is left to do with the whole, for marks that stand before each line. */
    protected String finish(String rendered) {
        return rendered;
    }

    /** The text as the platform reads it. */
    public final String render(RichText rich) {
        StringBuilder out = new StringBuilder();
        Deque<Span> open = new ArrayDeque<>();
        List<Span> spans = rich.spans();
        int next = 0;
        int at = 0;
        int length = rich.text().length();
        while (true) {
            while (!open.isEmpty() && open.getLast().to() <= at) {
                Span ended = open.removeLast();
                out.append(close(ended, marked(rich, ended)));
            }
            while (next < spans.size() && spans.get(next).from() <= at) {
                Span begun = spans.get(next++);
                boolean isWithinCode =
                        !open.isEmpty() && isVerbatim(open.getLast().style());
                boolean isNested =
                        open.isEmpty() || begun.to() <= open.getLast().to();
                if (!isWithinCode && isNested && begun.to() > at) {
                    out.append(open(begun, marked(rich, begun)));
                    open.addLast(begun);
                }
            }
            if (at >= length) {
                return finish(out.toString());
            }
            int until = next < spans.size() ? Math.min(length, spans.get(next).from()) : length;
            until = open.isEmpty() ? until : Math.min(until, open.getLast().to());
            out.append(escape(rich.text().substring(at, until), open));
            at = until;
        }
    }

    private static String marked(RichText rich, Span span) {
        return rich.text().substring(span.from(), span.to());
    }

    /** Whether every character within counts as it is. */
    protected static boolean isVerbatim(Style style) {
        return style == Style.CODE || style == Style.BLOCK;
    }

    /** Whether a link shows nothing but the address that it leads to. */
    protected static boolean isBare(Span link, String marked) {
        return link.detail().equals(marked);
    }

    /** Whether the words within these marks are code. */
    protected static boolean isCode(Deque<Span> within) {
        return within.stream().anyMatch(span -> isVerbatim(span.style()));
    }

    /** Whether they are an address that is shown as it is. */
    protected static boolean isBareLink(Deque<Span> within, String words) {
        return within.stream().anyMatch(span -> span.style() == Style.LINK && isBare(span, words));
    }
}
