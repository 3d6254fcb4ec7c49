package dev.kairos.app.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class TableTest {
    private final Table table = new Table()
            .column("ID", UnaryOperator.identity())
            .shrinking("NAME", 6)
            .shrinking("NOTE", 6)
            .row("3f9a", "nightly backup of the whole house", "ok")
            .row("77b0", "東京の天気を毎朝送る仕事", "a long remark about nothing much");

    @Test
    void showsEverythingWhereNothingBoundsIt() {
        List<String> lines = table.lines(Optional.empty(), new Style(false));

        assertThat(lines).hasSize(3);
        assertThat(lines.get(1)).isEqualTo("3f9a  nightly backup of the whole house  ok");
    }

    @Test
    void fitsANarrowWindowAndKeepsWhatNamesTheRow() {
        for (int width : new int[] {10, 20, 25}) {
            List<String> lines = table.lines(Optional.of(Math.max(width, 14)), new Style(false));
            assertThat(lines)
                    .allSatisfy(line -> assertThat(TextWidth.of(line)).isLessThanOrEqualTo(Math.max(width, 14)));
            assertThat(lines.get(1)).startsWith("3f9a");
        }
    }

    @Test
    void cutsTheWidestColumnsToFit() {
        for (String line : table.lines(Optional.of(40), new Style(false))) {
            assertThat(TextWidth.of(line)).isLessThanOrEqualTo(40);
        }
        assertThat(table.lines(Optional.of(40), new Style(false)).get(1))
                .startsWith("3f9a  nightly")
                .contains("…");
    }
}
