package dev.kairos.channels.text;

import java.util.Deque;

/**
 * WhatsApp's marks: one star, one underscore, one tilde, three backquotes; an address stands as it is.
 *
 * <p>Status: experimental since 0.1.
 */
public final class WhatsAppMarkup extends Markup {
    /** The one there is. */
    public static final WhatsAppMarkup INSTANCE = new WhatsAppMarkup();

    private WhatsAppMarkup() {}

    @Override
    protected String open(Span span, String marked) {
        return switch (span.style()) {
            case BLOCK -> "```\n";
            case QUOTE -> "> ";
            case LINK -> "";
            default -> mark(span);
        };
    }

    @Override
    protected String close(Span span, String marked) {
        return switch (span.style()) {
            case BLOCK -> marked.endsWith("\n") ? "```" : "\n```";
            case QUOTE -> "";
            case LINK -> isBare(span, marked) ? "" : " (" + span.detail() + ")";
            default -> mark(span);
        };
    }

    private static String mark(Span span) {
        return switch (span.style()) {
            case BOLD -> "*";
            case ITALIC -> "_";
            case STRIKE -> "~";
            default -> "`";
        };
    }

    @Override
    protected String escape(String words, Deque<Span> within) {
        if (isCode(within)) {
            return words.replace('`', '\'');
        }
        boolean isQuoted = within.stream().anyMatch(span -> span.style() == Span.Style.QUOTE);
        return isQuoted ? words.replace("\n", "\n> ") : words;
    }
}
