package dev.kairos.channels.text;

import dev.kairos.channels.text.Span.Style;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.ext.gfm.strikethrough.Strikethrough;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.BulletList;
import org.commonmark.node.Code;
import org.commonmark.node.CustomBlock;
import org.commonmark.node.CustomNode;
import org.commonmark.node.Emphasis;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Link;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.node.Text;
import org.commonmark.node.ThematicBreak;

/** Turns a tree of Markdown into text with marks. */
final class RichTextVisitor extends AbstractVisitor {
    private static final Pattern ADDRESS = Pattern.compile("https?://[^\\s<>\"`]+[^\\s<>\"`.,;:!?)\\]}'*_]");
    private static final String RULE = "----------";

    private final RichTextBuilder out = new RichTextBuilder();
    private String indent = "";
    private String bullet = "";

    RichText result() {
        return out.build();
    }

    @Override
    public void visit(Paragraph paragraph) {
        beginBlock();
        visitChildren(paragraph);
        endBlock(paragraph);
    }

    @Override
    public void visit(Heading heading) {
        beginBlock();
        int from = out.length();
        visitChildren(heading);
        out.mark(from, Style.BOLD, "");
        endBlock(heading);
    }

    @Override
    public void visit(ThematicBreak rule) {
        beginBlock();
        out.add(RULE);
        endBlock(rule);
    }

    @Override
    public void visit(BlockQuote quote) {
        beginBlock();
        int from = out.length();
        visitChildren(quote);
        out.mark(from, Style.QUOTE, "");
        endBlock(quote);
    }

    @Override
    public void visit(FencedCodeBlock code) {
        String language = code.getInfo() == null ? "" : code.getInfo().strip().split("\\s+")[0];
        block(code, code.getLiteral(), language.replaceAll("[^A-Za-z0-9+#.-]", ""));
    }

    @Override
    public void visit(IndentedCodeBlock code) {
        block(code, code.getLiteral(), "");
    }

    @Override
    public void visit(HtmlBlock html) {
        beginBlock();
        out.add(html.getLiteral());
        endBlock(html);
    }

    @Override
    public void visit(CustomBlock custom) {
        if (custom instanceof TableBlock table) {
            block(table, new TableText(table).lines(), "");
        } else {
            visitChildren(custom);
        }
    }

    private void block(Node node, String literal, String language) {
        beginBlock();
        int from = out.length();
        out.add(literal.endsWith("\n") ? literal.substring(0, literal.length() - 1) : literal);
        out.mark(from, Style.BLOCK, language);
        endBlock(node);
    }

    @Override
    public void visit(BulletList list) {
        items(list, null);
    }

    @Override
    public void visit(OrderedList list) {
        Integer first = list.getMarkerStartNumber();
        items(list, first == null ? 1 : first);
    }

    private void items(Node list, @org.jspecify.annotations.Nullable Integer first) {
        String outer = indent;
        int number = first == null ? 0 : first;
        for (Node item = list.getFirstChild(); item != null; item = item.getNext()) {
            bullet = outer + (first == null ? "\u2022 " : number++ + ". ");
            indent = outer + "   ";
            if (item instanceof ListItem entry) {
                beginEmpty(entry);
                visitChildren(entry);
            }
        }
        indent = outer;
        bullet = "";
        if (!(list.getParent() instanceof ListItem)) {
            endBlock(list);
        }
    }

    private void beginEmpty(ListItem item) {
        if (item.getFirstChild() == null) {
            beginBlock();
            out.add("\n");
        }
    }

    private void beginBlock() {
        out.add(bullet.isEmpty() && isAtLineStart() ? indent : bullet);
        bullet = "";
    }

    private boolean isAtLineStart() {
        return out.length() == 0 || out.endsWith("\n");
    }

    /** A blank line after a block; within a list, a new line. */
    private void endBlock(Node block) {
        if (!out.endsWith("\n")) {
            out.add("\n");
        }
        if (!(block.getParent() instanceof ListItem) && !out.endsWith("\n\n")) {
            boolean isLastOfQuote = block.getParent() instanceof BlockQuote && block.getNext() == null;
            if (!isLastOfQuote) {
                out.add("\n");
            }
        }
    }

    @Override
    public void visit(SoftLineBreak end) {
        out.add("\n" + indent);
    }

    @Override
    public void visit(HardLineBreak end) {
        out.add("\n" + indent);
    }

    @Override
    public void visit(Text text) {
        String literal = text.getLiteral();
        Matcher address = ADDRESS.matcher(literal);
        int done = 0;
        while (address.find()) {
            out.add(literal.substring(done, address.start()));
            int from = out.length();
            out.add(address.group());
            if (!isWithinLink(text)) {
                out.mark(from, Style.LINK, address.group());
            }
            done = address.end();
        }
        out.add(literal.substring(done));
    }

    private static boolean isWithinLink(Node node) {
        for (Node above = node.getParent(); above != null; above = above.getParent()) {
            if (above instanceof Link || above instanceof Image) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void visit(Code code) {
        int from = out.length();
        out.add(code.getLiteral());
        out.mark(from, Style.CODE, "");
    }

    @Override
    public void visit(HtmlInline html) {
        out.add(html.getLiteral());
    }

    @Override
    public void visit(Emphasis emphasis) {
        marked(emphasis, Style.ITALIC);
    }

    @Override
    public void visit(StrongEmphasis emphasis) {
        marked(emphasis, Style.BOLD);
    }

    @Override
    public void visit(CustomNode custom) {
        if (custom instanceof Strikethrough) {
            marked(custom, Style.STRIKE);
        } else {
            visitChildren(custom);
        }
    }

    private void marked(Node node, Style style) {
        int from = out.length();
        visitChildren(node);
        out.mark(from, style, "");
    }

    @Override
    public void visit(Link link) {
        int from = out.length();
        visitChildren(link);
        link(from, link.getDestination());
    }

    @Override
    public void visit(Image image) {
        int from = out.length();
        visitChildren(image);
        link(from, image.getDestination());
    }

    private void link(int from, String destination) {
        String lower = destination.toLowerCase(Locale.ROOT);
        boolean isSafe = lower.startsWith("https://") || lower.startsWith("http://") || lower.startsWith("mailto:");
        if (out.length() == from) {
            out.add(destination);
        }
        if (isSafe && destination.indexOf(' ') < 0) {
            out.mark(from, Style.LINK, destination);
        }
    }
}
