package dev.kairos.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EscapesTest {
    private static final List<String> PIECES =
            List.of("\u0000", "\u0010", "0000", "\ud83d", "\ude00", "\ud83d\ude00", "plain", "żółć", "\uffff", "");

    @Test
    void ordinaryTextStaysAsItIs() {
        String text = "exit 1: żółć \ud83d\ude00\nnext line\ttab";
        assertThat(Escapes.write(text)).isSameAs(text);
        assertThat(Escapes.read(text)).isSameAs(text);
    }

    @Test
    void whatIsWrittenCanBeKeptAndIsReadAgain() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int piece = random.nextInt(8); piece > 0; piece--) {
                text.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            String written = Escapes.write(text.toString());
            assertThat(written).as("seed %d", seed).doesNotContain("\u0000");
            assertThat(written.codePoints())
                    .as("seed %d", seed)
                    .noneMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
            assertThat(Escapes.read(written)).as("seed %d", seed).isEqualTo(text.toString());
        }
    }
}
