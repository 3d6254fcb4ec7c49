package dev.kairos.channels.text;

import java.util.Deque;

/**
 * The little HTML that chat platforms take: b, i, s, code, pre, a, blockquote.
 *
 * <p>Status: experimental since 0.1.
 */
public final class HtmlMarkup extends Markup {
    /** Line ends as they are, for a platform that keeps them. */
    public static final HtmlMarkup WITH_LINES = new HtmlMarkup();

    private HtmlMarkup() {}

    @Override
    protected String open(Span span, String marked) {
        return switch (span.style()) {
            case BOLD -> "<b>";
            case ITALIC -> "<i>";
            case STRIKE -> "<s>";
            case CODE -> "<code>";
            case BLOCK ->
                span.detail().isEmpty() ? "<pre>" : "<pre><code class=\"language-" + escaped(span.detail()) + "\">";
            case QUOTE -> "<blockquote>";
            case LINK -> isBare(span, marked) ? "" : "<a href=\"" + escaped(span.detail()) + "\">";
        };
    }

    @Override
    protected String close(Span span, String marked) {
        return switch (span.style()) {
            case BOLD -> "</b>";
            case ITALIC -> "</i>";
            case STRIKE -> "</s>";
            case CODE -> "</code>";
            case BLOCK -> span.detail().isEmpty() ? "</pre>" : "</code></pre>";
            case QUOTE -> "</blockquote>";
            case LINK -> isBare(span, marked) ? "" : "</a>";
        };
    }

    @Override
    protected String escape(String words, Deque<Span> within) {
        return escaped(words);
    }

    /** The words so that HTML reads them as they are, between tags and in a quoted attribute. */
    public static String escaped(String words) {
        return words.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
