package dev.kairos.channels.text;

import java.util.List;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.strikethrough.StrikethroughExtension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * Reads Markdown (CommonMark with tables and strikethrough). The end of a line stays the end of a line, and HTML is text:
 * what a job says is shown, never run. Thread-safe.
 *
 * <p>Status: experimental since 0.1.
 */
public final class Markdown {
    private static final List<Extension> EXTENSIONS =
            List.of(TablesExtension.create(), StrikethroughExtension.create());
    private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();
    private static final HtmlRenderer HTML = HtmlRenderer.builder()
            .extensions(EXTENSIONS)
            .escapeHtml(true)
            .sanitizeUrls(true)
            .softbreak("<br />\n")
            .build();

    private Markdown() {}

    /** The text with its marks. */
    public static RichText read(String markdown) {
        RichTextVisitor visitor = new RichTextVisitor();
        PARSER.parse(readable(markdown)).accept(visitor);
        return visitor.result();
    }

    /** The text as HTML, for a mail or a formatted message: no HTML of the job's own, no address but web and mail. A picture is a link. */
    public static String html(String markdown) {
        Node document = PARSER.parse(readable(markdown));
        document.accept(new ShownAsLinks());
        return HTML.render(document);
    }

    /** Without the control characters that no platform shows and some refuse. */
    static String readable(String text) {
        StringBuilder kept = new StringBuilder(text.length());
        String lines = text.replace("\r\n", "\n").replace('\r', '\n');
        lines.codePoints()
                .filter(c -> c == '\n' || c == '\t' || !Character.isISOControl(c))
                .map(c -> Character.getType(c) == Character.SURROGATE ? 0xFFFD : c)
                .forEach(kept::appendCodePoint);
        return kept.toString();
    }
}
