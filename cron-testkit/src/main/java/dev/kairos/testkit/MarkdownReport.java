package dev.kairos.testkit;

/**
 * A long report in Markdown with what platforms stumble over: headings, lists, code, tables, links, emoji of several code
 * points, combining marks and text that runs from right to left. Its words {@code w0000}, {@code w0001} ... say whether
 * something was lost or put out of order.
 *
 * <p>Status: experimental since 0.1.
 */
public final class MarkdownReport {
    /** A family, a flag, a thumb with a skin tone, a keycap: each one character to the eye. */
    public static final String EMOJI = "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67\u200D\uD83D\uDC66"
            + "\uD83C\uDDF5\uD83C\uDDF1\uD83D\uDC4D\uD83C\uDFFD1\uFE0F\u20E3";

    private MarkdownReport() {}

    /** A report of at least so many characters. */
    public static String of(int length) {
        StringBuilder text = new StringBuilder();
        for (int part = 0, word = 0; text.length() < length; part++) {
            text.append("## Part ").append(part).append("\n\n");
            text.append("Some **bold** and *slanted* words with `code_")
                    .append(part)
                    .append("` follow: ");
            for (int i = 0; i < 60; i++) {
                text.append("w")
                        .append(String.format(java.util.Locale.ROOT, "%04d", word++))
                        .append(' ');
            }
            text.append("see [the page](https://example.org/reports/")
                    .append(part)
                    .append("?a=1&b=2) or ");
            text.append(url(part)).append(".\n\n");
            text.append("* a point with <angles> & ampersands\n* another, 5 * 3 = 15\n  1. within\n  2. it\n\n");
            text.append("```java\nif (a < b && c > d) {\n    call(\"x_")
                    .append(part)
                    .append("\"); // `tick`\n}\n\n");
            text.append("    indented(").append(part).append(");\n```\n\n");
            text.append("| host | load |\n|---|---|\n| alpha | 0.").append(part).append(" |\n| beta | 1.5 |\n\n");
            text.append("> quoted line one\n> quoted line two\n\n");
            text.append(EMOJI.repeat(12)).append(' ');
            text.append("e\u0301a\u0308\u0323o\u0302".repeat(10)).append("\n\n");
            text.append("\u05E9\u05DC\u05D5\u05DD \u05E2\u05D5\u05DC\u05DD, ")
                    .append("\u0645\u0631\u062D\u0628\u0627 \u0628\u0627\u0644\u0639\u0627\u0644\u0645.\n\n");
        }
        return text.toString();
    }

    /** An address in the report, of which a reader needs the whole. */
    public static String url(int part) {
        return "https://example.org/a/rather/long/path_with_underscores/" + part + "/index.html";
    }
}
