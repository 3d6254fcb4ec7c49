package dev.kairos.app.terminal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;

/**
 * Rows under headings, fitted to a width: columns that may shrink are cut, the widest first. Not thread-safe.
 *
 * <p>Status: internal.
 */
public final class Table {
    private static final String GAP = "  ";
    private static final int FEWEST = 3;
    private static final int RIGID = Integer.MAX_VALUE;

    private final List<Column> columns = new ArrayList<>();
    private final List<String[]> rows = new ArrayList<>();

    private record Column(String heading, int least, UnaryOperator<String> paint) {}

    /** Adds a column that is never cut. */
    public Table column(String heading, UnaryOperator<String> paint) {
        columns.add(new Column(heading, RIGID, paint));
        return this;
    }

    /** Adds a column that may be cut down to {@code least} columns of text. */
    public Table shrinking(String heading, int least) {
        columns.add(new Column(heading, Math.max(least, TextWidth.of(heading)), UnaryOperator.identity()));
        return this;
    }

    /** Adds a row, one cell for each column; cells are made safe for a terminal. */
    public Table row(String... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + columns.size() + " columns");
        }
        rows.add(Arrays.stream(cells).map(TextWidth::plain).toArray(String[]::new));
        return this;
    }

    /**
     * The lines, the heading first; none is wider than {@code width} as long as the first column and a few letters of each
     * other fit. Columns that shrink give way first, then the others, the first one never: it names the row.
     */
    public List<String> lines(Optional<Integer> width, Style style) {
        int[] widths = widths();
        width.ifPresent(bound -> {
            shrink(widths, bound, i -> columns.get(i).least());
            shrink(widths, bound, i -> columns.get(i).least() == RIGID ? RIGID : FEWEST);
            shrink(widths, bound, i -> i == 0 ? widths[0] : FEWEST);
        });
        List<String> lines = new ArrayList<>();
        String[] headings = columns.stream().map(Column::heading).toArray(String[]::new);
        lines.add(style.strong(line(headings, widths, false)));
        for (String[] row : rows) {
            lines.add(line(row, widths, true));
        }
        return lines;
    }

    private int[] widths() {
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = TextWidth.of(columns.get(i).heading());
            for (String[] row : rows) {
                widths[i] = Math.max(widths[i], TextWidth.of(row[i]));
            }
        }
        return widths;
    }

    private void shrink(int[] widths, int bound, IntUnaryOperator least) {
        int excess = Arrays.stream(widths).sum() + GAP.length() * (widths.length - 1) - bound;
        while (excess > 0) {
            int widest = -1;
            for (int i = 0; i < widths.length; i++) {
                boolean canShrink = widths[i] > least.applyAsInt(i);
                if (canShrink && (widest < 0 || widths[i] > widths[widest])) {
                    widest = i;
                }
            }
            if (widest < 0) {
                return;
            }
            widths[widest]--;
            excess--;
        }
    }

    private String line(String[] cells, int[] widths, boolean painted) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.length; i++) {
            String cell = TextWidth.cut(cells[i], widths[i]);
            String padded = i == cells.length - 1 ? cell : TextWidth.pad(cell, widths[i]);
            line.append(i == 0 ? "" : GAP)
                    .append(painted ? columns.get(i).paint().apply(padded) : padded);
        }
        return line.toString().stripTrailing();
    }
}
