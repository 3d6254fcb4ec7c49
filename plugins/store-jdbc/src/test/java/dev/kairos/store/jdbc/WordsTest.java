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
        assertThat(Words.in("sqlite", Words.oneOf(1))).isEqualTo("IN (?)");
        assertThat(Words.in("sqlite", Words.oneOf(2)))
                .isEqualTo(Words.in("sqlite", Words.oneOf(10)))
                .hasSize("IN (?".length() + 9 * ", ?".length() + 1);
        assertThat(Words.in("postgresql", Words.oneOf(2))).isEqualTo("= ANY (?)");
        assertThat(Words.parts(Collections.nCopies(2_500, "x"))).hasSize(3);
    }

    @Test
    void manyRowsAreOneStatementWhereItTakesArrays() {
        String insert = "INSERT INTO t (a, b) " + Words.rows("tn");
        assertThat(Words.in("sqlite", insert)).isEqualTo("INSERT INTO t (a, b) VALUES (?, ?)");
        assertThat(Words.in("postgresql", insert))
                .isEqualTo("INSERT INTO t (a, b) SELECT * FROM unnest(?::text[], ?::bigint[])");
        String update = Words.update("t", "tn", "a", "b");
        assertThat(Words.in("sqlite", update)).isEqualTo("UPDATE t SET a = ?, b = ? WHERE t.id = ?");
        assertThat(Words.in("postgresql", update))
                .isEqualTo("UPDATE t SET a = v.a, b = v.b FROM unnest(?::text[], ?::bigint[], ?::text[])"
                        + " AS v (a, b, id) WHERE t.id = v.id");
        assertThat(Words.isColumnar(Words.in("postgresql", update))).isTrue();
        assertThat(Words.isColumnar(Words.in("postgresql", insert))).isTrue();
        assertThat(Words.isColumnar(Words.in("sqlite", update))).isFalse();
        assertThat(Words.isColumnar("SELECT a FROM unnest(?::text[])")).isFalse();
    }
}
