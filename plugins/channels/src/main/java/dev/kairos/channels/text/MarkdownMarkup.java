package dev.kairos.channels.text;

import dev.kairos.channels.text.Span.Style;
import java.util.Deque;
import java.util.regex.Pattern;

/**
 * Markdown again, in the form that chat platforms with a Markdown of their own agree on: whatever the words hold is
 * escaped, and only marks that were meant are written.
 *
 * <p>Status: experimental since 0.1.
 */
public final class MarkdownMarkup extends Markup {
    /** With backslashes before what would be read as a mark. */
    public static final MarkdownMarkup ESCAPING = new MarkdownMarkup(true, Pattern.compile("(?!)"));

    /** For platforms whose Markdown knows no backslash, and reads tags: some of theirs call everybody in the chat. */
    public static final MarkdownMarkup UNESCAPED = new MarkdownMarkup(false, Pattern.compile("<(?=[a-zA-Z/@!]|\\z)"));

    private static final Pattern SPECIAL = Pattern.compile("([\\\\*_~`|\\[\\]<])");
    private static final Pattern AT_LINE_START = Pattern.compile("(?m)^([ \\t]*)([#>+=-])");
    private static final Pattern NUMBERED = Pattern.compile("(?m)^([ \\t]*\\d{1,9})([.)])(?=\\s)");
    private static final String FENCE = "```";
    /** Between two backquotes it keeps them from being a fence, and is not seen. */
    private static final String UNSEEN = "\u200b";

    private final boolean isEscaping;
    private final Pattern heads;

    private MarkdownMarkup(boolean isEscaping, Pattern heads) {
        this.isEscaping = isEscaping;
        this.heads = heads;
    }

    /**
     * The same for a platform that makes more of some words than words.
     *
     * @param begins how these begin; what is not seen stands behind each place that it matches
     */
    public MarkdownMarkup disarming(Pattern begins) {
        return new MarkdownMarkup(isEscaping, begins);
    }

    @Override
    protected String open(Span span, String marked) {
        return switch (span.style()) {
            case BOLD -> "**";
            case ITALIC -> "*";
            case STRIKE -> "~~";
            case CODE -> "`";
            case BLOCK -> FENCE + span.detail() + "\n";
            case QUOTE -> "> ";
            case LINK -> isBare(span, marked) ? "" : "[";
        };
    }

    @Override
    protected String close(Span span, String marked) {
        return switch (span.style()) {
            case BOLD -> "**";
            case ITALIC -> "*";
            case STRIKE -> "~~";
            case CODE -> "`";
            case BLOCK -> (marked.endsWith("\n") ? "" : "\n") + FENCE;
            case QUOTE -> "";
            case LINK -> isBare(span, marked) ? "" : "](" + address(span) + ")";
        };
    }

    /** One bracket of two would end the address early, or never. */
    private static String address(Span link) {
        return link.detail().replace("(", "%28").replace(")", "%29");
    }

    @Override
    protected String escape(String words, Deque<Span> within) {
        if (isCode(within)) {
            return verbatim(words, within);
        }
        boolean isQuoted = within.stream().anyMatch(span -> span.style() == Style.QUOTE);
        String safe = isBareLink(within, words) ? words : disarmed(isEscaping ? escaped(words) : words);
        return isQuoted ? safe.replace("\n", "\n> ") : safe;
    }

    private static String verbatim(String words, Deque<Span> within) {
        boolean isBlock = within.stream().anyMatch(span -> span.style() == Style.BLOCK);
        return isBlock ? words.replace(FENCE, "``" + UNSEEN + "`") : words.replace('`', '\'');
    }

    private String disarmed(String words) {
        return heads.matcher(words).replaceAll("$0" + UNSEEN);
    }

    private static String escaped(String words) {
        String safe = SPECIAL.matcher(words).replaceAll("\\\\$1");
        safe = AT_LINE_START.matcher(safe).replaceAll("$1\\\\$2");
        return NUMBERED.matcher(safe).replaceAll("$1\\\\$2");
    }
}
