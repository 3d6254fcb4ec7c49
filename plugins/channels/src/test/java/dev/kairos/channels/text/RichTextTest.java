package dev.kairos.channels.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.testkit.MarkdownReport;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Markdown as marks over text, the marks of each platform, and where a text is cut. */
final class RichTextTest {
    private static String as(Markup markup, String markdown) {
        return markup.render(Markdown.read(markdown));
    }

    @Test
    void theEndOfALineStaysTheEndOfALine() {
        assertThat(as(Markup.plain(), "one\ntwo\n\nthree")).isEqualTo("one\ntwo\n\nthree");
    }

    @Test
    void htmlIsText() {
        assertThat(as(Markup.plain(), "<script>x</script> a <b>c</b>")).isEqualTo("<script>x</script> a <b>c</b>");
        assertThat(as(HtmlMarkup.WITH_LINES, "<script>x</script>")).isEqualTo("&lt;script&gt;x&lt;/script&gt;");
        assertThat(Markdown.html("<img src=x onerror=alert(1)> [x](javascript:alert(1))"))
                .doesNotContain("<img", "javascript:");
    }

    @Test
    void marksWithinALineEndWithTheLine() {
        assertThat(as(SlackMarkup.INSTANCE, "**one\ntwo**")).isEqualTo("*one*\n*two*");
    }

    @Test
    void listsAreNumberedAndIndented() {
        assertThat(as(Markup.plain(), "* a\n  1. b\n  2. c\n* d")).isEqualTo("\u2022 a\n   1. b\n   2. c\n\u2022 d");
    }

    @Test
    void aQuoteIsMarkedOnEachOfItsLines() {
        assertThat(as(MarkdownMarkup.ESCAPING, "> a\n> b\n\nc")).isEqualTo("> a\n> b\n\nc");
    }

    @Test
    void aFenceWithinCodeDoesNotEndIt() {
        String rendered = as(MarkdownMarkup.ESCAPING, "````\n```\nx\n```\n````");
        assertThat(rendered.split("```", -1)).hasSize(3);
    }

    @Test
    void bracketsInAnAddressDoNotEndIt() {
        assertThat(as(MarkdownMarkup.ESCAPING, "[a](https://x.org/b_(c)/d)"))
                .isEqualTo("[a](https://x.org/b_%28c%29/d)");
    }

    /** Whoever reads a mail does not tell so to whom the job's words name. */
    @Test
    void aPictureIsALinkThatNobodyFetchesUnasked() {
        assertThat(Markdown.html("![the *chart*](https://x.org/c.png?seen=1 \"t\") ![](https://x.org/d.png)"))
                .contains(">the <em>chart</em></a>", "href=\"https://x.org/c.png?seen=1\"", ">https://x.org/d.png</a>")
                .doesNotContain("<img");
        assertThat(Markdown.html("[![build](https://x.org/b.svg)](https://x.org/ci)"))
                .isEqualTo("<p><a rel=\"nofollow\" href=\"https://x.org/ci\">build</a></p>\n");
        assertThat(Markdown.html("![x](javascript:alert(1))")).doesNotContain("javascript");
    }

    @Test
    void onlyWebAndMailAddressesAreLinks() {
        assertThat(as(HtmlMarkup.WITH_LINES, "[a](javascript:x) [b](https://x.org)"))
                .isEqualTo("a <a href=\"https://x.org\">b</a>");
    }

    @Test
    void controlCharactersAreLeftOut() {
        assertThat(as(Markup.plain(), "a\u0000b\u001b[31mc\ud800d")).isEqualTo("ab[31mc\ufffdd");
    }

    @Test
    void segmentsAreCountedAsTheStandardSays() {
        assertThat(Segments.of("")).isZero();
        assertThat(Segments.of("a".repeat(160))).isEqualTo(1);
        assertThat(Segments.of("a".repeat(161))).isEqualTo(2);
        assertThat(Segments.of("\u20ac".repeat(80))).isEqualTo(1);
        assertThat(Segments.of("\u20ac".repeat(81))).isEqualTo(2);
        assertThat(Segments.of("\u0142".repeat(70))).isEqualTo(1);
        assertThat(Segments.of("\u0142".repeat(71))).isEqualTo(2);
        assertThat(Segments.of("\u0142".repeat(135))).isEqualTo(3);
    }

    @Test
    void aTextIsCutBetweenParagraphsBeforeLinesAndBetweenLinesBeforeWords() {
        TextForm form = new TextForm(Markup.plain(), Measure.UNITS, 60);
        assertThat(form.parts("one two three four five six seven\n\neight nine ten eleven twelve\nthirteen"))
                .containsExactly(
                        "one two three four five six seven\n\n(1/2)",
                        "eight nine ten eleven twelve\nthirteen\n\n(2/2)");
        assertThat(form.parts("word ".repeat(30))).allMatch(part -> part.matches("(?s)word( word)*\n\n\\(.*"));
    }

    @Test
    void aCutBlockOfCodeIsClosedAndOpenedAgain() {
        TextForm form = new TextForm(MarkdownMarkup.ESCAPING, Measure.UNITS, 80);
        List<String> parts = form.parts("```sh\n" + "echo line\n".repeat(20) + "```");
        assertThat(parts).hasSizeGreaterThan(2).allMatch(part -> part.startsWith("```sh\necho line\n"));
        assertThat(parts).allMatch(part -> part.contains("echo line\n```\n\n("));
    }

    @Test
    void aHeadingGoesWithWhatFollowsIt() {
        TextForm form = new TextForm(Markup.plain(), Measure.UNITS, 60);
        assertThat(form.parts("one two three four five six seven\n\n# Heading\n\neight nine ten eleven"))
                .containsExactly(
                        "one two three four five six seven\n\n(1/2)", "Heading\n\neight nine ten eleven\n\n(2/2)");
    }

    @Test
    void aTextMessageKeepsToTheLettersThatItHoldsMostOf() {
        assertThat(as(Markup.basic(), "* \u201cdone\u201d \u2013 it\u2019s\u2026"))
                .isEqualTo("- \"done\" - it's...");
    }

    /** Whatever comes, cutting ends, keeps to the limit and loses no letter. */
    @Test
    void anythingCanBeCut() {
        long seed = Long.getLong("kairos.seed", 20261122L);
        System.out.println("RichTextTest seed " + seed);
        Random random = new Random(seed);
        String[] pieces = {
            "word",
            " ",
            "\n",
            "\n\n",
            "**",
            "*",
            "`",
            "```\n",
            "> ",
            "* ",
            "1. ",
            "| a | b |\n|---|---|\n",
            "[x](https://x.org/y)",
            MarkdownReport.EMOJI,
            "e\u0301\u0323",
            "\u05e9\u05dc\u05d5\u05dd",
            "\u4e2d\u6587",
            "\\",
            "<b>",
            "&",
            "~~",
            "https://x.org/a_b",
            "\ud800"
        };
        List<Markup> markups = List.of(
                Markup.plain(),
                HtmlMarkup.WITH_LINES,
                MarkdownMarkup.ESCAPING,
                MarkdownMarkup.UNESCAPED,
                SlackMarkup.INSTANCE,
                WhatsAppMarkup.INSTANCE);
        for (int round = 0; round < 300; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(120); i >= 0; i--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            TextForm form = new TextForm(markups.get(round % markups.size()), Measure.UNITS, 150);
            List<String> parts = form.parts(text.toString());
            assertThat(parts).as("%s", text).isNotEmpty().allMatch(part -> part.length() <= 150);
            if (markups.get(round % markups.size()) == Markup.plain()) {
                String whole = letters(Markup.plain().render(Markdown.read(text.toString())));
                String cut = letters(String.join(
                        "",
                        parts.stream()
                                .map(part -> part.replaceFirst("\\n\\n\\(\\d+/\\d+\\)$", ""))
                                .toList()));
                assertThat(cut).as("%s", text).contains(whole.substring(0, Math.min(20, whole.length())));
            }
        }
    }

    private static String letters(String text) {
        return text.replaceAll("[^a-zA-Z\\u05d0-\\u05ea\\u4e00-\\u9fff]", "");
    }
}
