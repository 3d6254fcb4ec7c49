package dev.kairos.provider.crontab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FenceTest {
    private static final String ID = "0123456789ab";
    private static final Path HOME = Path.of("/home/ann/.kairos");
    private static final String BLOCK = """
            # >>> kairos 0123456789ab >>> managed by Kairos: edits up to "<<< kairos 0123456789ab" are overwritten
            # home /home/ann/.kairos; to remove this block: kairos provider switch builtin
            1 2 3 4 * true
            # <<< kairos 0123456789ab <<< end of what Kairos manages
            """;

    @Test
    void theBlockGoesToTheEndAndSaysWhoseItIs() {
        String text = Fence.find("5 5 * * * mine\n", ID).with(ID, HOME, List.of("1 2 3 4 * true"));
        assertThat(text).isEqualTo("5 5 * * * mine\n" + BLOCK);
        assertThat(Fence.find("", ID).with(ID, HOME, List.of("1 2 3 4 * true"))).isEqualTo(BLOCK);
    }

    @Test
    void foreignLinesComeOutAsTheyWentIn() {
        String before = "MAILTO=\"\"\n\n\t# caf\u00e9 \u00ff\r\n5 5 * * * mine\n\n";
        String after = "\n@reboot theirs % with input\n# >>> kairos ffffffffffff >>> another home\n"
                + "# <<< kairos ffffffffffff <<<\n  last without an end";
        Fence fence = Fence.find(before + BLOCK + after, ID);
        assertThat(fence.inside())
                .containsExactly(
                        "# home /home/ann/.kairos; to remove this block: kairos provider switch builtin",
                        "1 2 3 4 * true");
        assertThat(fence.with(ID, HOME, List.of("1 2 3 4 * true"))).isEqualTo(before + BLOCK + after);
        assertThat(fence.without()).isEqualTo(before + after);
    }

    @Test
    void aLastLineWithoutItsEndGetsOne() {
        assertThat(Fence.find("# mine", ID).with(ID, HOME, List.of("1 2 3 4 * true")))
                .isEqualTo("# mine\n" + BLOCK);
    }

    @Test
    void aDamagedFenceIsRefusedWithItsLinesAndWhatToDo() {
        String begin = BLOCK.lines().toList().get(0) + "\n";
        String end = BLOCK.lines().toList().get(3) + "\n";
        for (String damaged : List.of(
                "# mine\n" + begin + "1 2 3 4 * true\n",
                "# mine\n" + end,
                BLOCK + BLOCK,
                end + begin,
                begin + begin + end,
                begin + end + end,
                begin + "# >>> kairos ffffffffffff >>>\n" + end + "# <<< kairos ffffffffffff <<<\n")) {
            assertThatThrownBy(() -> Fence.find(damaged, ID))
                    .as(damaged)
                    .isInstanceOf(Refusal.class)
                    .hasMessageContainingAll("damaged", "Nothing was written", "crontab -e");
        }
        assertThatThrownBy(() -> Fence.find("# mine\n" + begin + "1 2 3 4 * true\n", ID))
                .hasMessageContaining("begins at line 2 and ends at no line");
    }

    @Test
    void anotherHomesFenceIsAForeignLine() {
        String other = BLOCK.replace(ID, "0123456789abcdef");
        assertThat(Fence.find(other, ID).block()).isEmpty();
    }
}
