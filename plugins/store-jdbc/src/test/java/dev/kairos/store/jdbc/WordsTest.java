package dev.kairos.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void onlyTheDialectsOwnWordsStay() {
        String text = "SELECT {sqlite a}{postgresql b} FROM t {postgresql FOR UPDATE}";
        assertThat(Words.in("sqlite", text)).isEqualTo("SELECT a FROM t ");
        assertThat(Words.in("postgresql", text)).isEqualTo("SELECT b FROM t FOR UPDATE");
        assertThat(Words.in("sqlite", "SELECT 1")).isEqualTo("SELECT 1");
    }

    @Test
    void aListHasAPlaceForEachValueAndFewLengths() {
        assertThat(Words.places(1)).isEqualTo("(?)");
        assertThat(Words.places(2)).isEqualTo(Words.places(10)).hasSize("(?".length() + 9 * ", ?".length() + 1);
        assertThat(Words.parts(Collections.nCopies(2_500, "x"))).hasSize(3);
    }
}
