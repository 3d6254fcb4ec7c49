package dev.kairos.app.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextWidthTest {
    @Test
    void countsColumnsAndNotCharacters() {
        assertThat(TextWidth.of("plain")).isEqualTo(5);
        assertThat(TextWidth.of("東京")).isEqualTo(4);
        assertThat(TextWidth.of("e\u0301")).isEqualTo(1);
        assertThat(TextWidth.of("👩‍👩‍👧")).isEqualTo(2);
        assertThat(TextWidth.of("🇵🇱🇩🇪")).isEqualTo(4);
        assertThat(TextWidth.of("👍🏽")).isEqualTo(2);
    }

    @Test
    void cutsBetweenCharactersAndNeverWiderThanAsked() {
        assertThat(TextWidth.cut("backup of everything", 8)).isEqualTo("backup…");
        assertThat(TextWidth.cut("東京の朝", 6)).isEqualTo("東京…");
        assertThat(TextWidth.cut("東京の朝", 8)).isEqualTo("東京の朝");
        assertThat(TextWidth.cut("ab👩‍👩‍👧cd", 4)).isEqualTo("ab…");
        for (int columns = 1; columns < 12; columns++) {
            assertThat(TextWidth.of(TextWidth.cut("a東e\u0301👍🏽🇵🇱z東京", columns)))
                    .isLessThanOrEqualTo(columns);
        }
    }

    @Test
    void takesAwayWhatMovesATerminal() {
        assertThat(TextWidth.plain("a\u001b[2Jb\nc\u202ed")).isEqualTo("a?[2Jb c?d");
    }
}
