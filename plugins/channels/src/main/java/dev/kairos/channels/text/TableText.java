package dev.kairos.channels.text;

import java.util.ArrayList;
import java.util.List;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.node.Node;

/** A table as lines of equal columns, for platforms that know none. */
final class TableText {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    TableText(TableBlock table) {
        collect(table);
    }

    private void collect(Node node) {
        for (Node child = node.getFirstChild(); child != null; child = child.getNext()) {
            if (child.getFirstChild() instanceof TableCell) {
                rows.add(cells(child));
            } else {
                collect(child);
            }
        }
    }

    private static List<String> cells(Node row) {
        List<String> cells = new ArrayList<>();
        for (Node cell = row.getFirstChild(); cell != null; cell = cell.getNext()) {
            RichTextVisitor words = new RichTextVisitor();
            for (Node child = cell.getFirstChild(); child != null; ) {
                Node next = child.getNext();
                child.accept(words);
                child = next;
            }
            cells.add(words.result().text().replace('\n', ' '));
        }
        return cells;
    }

    /** Heading, a line under it, and the rows. */
    String lines() {
        List<Integer> widths = new ArrayList<>();
        for (List<String> row : rows) {
            for (int column = 0; column < row.size(); column++) {
                int width = width(row.get(column));
                if (column == widths.size()) {
                    widths.add(width);
                } else {
                    widths.set(column, Math.max(widths.get(column), width));
                }
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            lines.add(line(row, widths));
            if (lines.size() == 1) {
                lines.add(line(widths.stream().map("-"::repeat).toList(), widths));
            }
        }
        return String.join("\n", lines);
    }

    private static String line(List<String> cells, List<Integer> widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
            String cell = cells.get(column);
            line.append(cell)
                    .append(" ".repeat(widths.get(column) - width(cell)))
                    .append(GAP);
        }
        return line.toString().stripTrailing();
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
