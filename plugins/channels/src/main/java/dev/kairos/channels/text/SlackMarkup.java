package dev.kairos.channels.text;

import java.util.Deque;

/**
 * Slack's mrkdwn: one star for bold, addresses in angle brackets, and three characters that are escaped as in HTML.
 *
 * <p>Status: experimental since 0.1.
 */
public final class SlackMarkup extends Markup {
    /** The one there is. */
    public static final SlackMarkup INSTANCE = new SlackMarkup();

    private SlackMarkup() {}

    @Override
    protected String open(Span span, String marked) {
        return switch (span.style()) {
            case BOLD -> "*";
            case ITALIC -> "_";
            case STRIKE -> "~";
            case CODE -> "`";
            case BLOCK -> "```\n";
            case QUOTE -> "> ";
            case LINK -> "<" + escaped(span.detail()).replace("|", "%7C") + (isBare(span, marked) ? "" : "|");
        };
    }

    @Override
    protected String close(Span span, String marked) {
        return switch (span.style()) {
            case BOLD -> "*";
            case ITALIC -> "_";
            case STRIKE -> "~";
            case CODE -> "`";
            case BLOCK -> marked.endsWith("\n") ? "```" : "\n```";
            case QUOTE -> "";
            case LINK -> ">";
        };
    }

    @Override
    protected String escape(String words, Deque<Span> within) {
        if (isBareLink(within, words)) {
            return "";
        }
        String safe = escaped(words);
        if (isCode(within)) {
            return within.stream().anyMatch(span -> span.style() == Span.Style.BLOCK)
                    ? safe.replace("```", "``\u200b`")
                    : safe.replace('`', '\'');
        }
        boolean isQuoted = within.stream().anyMatch(span -> span.style() == Span.Style.QUOTE);
        return isQuoted ? safe.replace("\n", "\n> ") : safe;
    }

    private static String escaped(String words) {
        return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
