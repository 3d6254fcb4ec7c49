package dev.kairos.runner.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What programs and endpoints send without end is read within bounds. */
class BoundedLinesTest {
    private static BoundedLines lines(String text, int longest) {
        return new BoundedLines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), longest);
    }

    @Test
    void aLineThatIsTooLongIsPassedOverAndTheNextIsRead() throws IOException {
        BoundedLines lines = lines("żaba\n\n" + "x".repeat(11) + "\n0123456789\nrest", 10);
        assertThat(lines.next()).contains("żaba");
        assertThat(lines.next()).contains("");
        assertThat(lines.next()).contains("0123456789");
        assertThat(lines.next()).contains("rest");
        assertThat(lines.next()).isEmpty();
    }

    @Test
    void aLineWithoutEndIsNotKept() throws IOException {
        InputStream endless = new InputStream() {
            private long left = 400_000_000L; // more than this test's heap could hold twice

            @Override
            public int read() {
                return left-- > 0 ? 'x' : -1;
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                if (left <= 0) {
                    return -1;
                }
                left -= length;
                return length;
            }
        };
        assertThat(new BoundedLines(endless, 1_000).next()).isEmpty();
    }

    @Test
    void anAnswerWithoutEndIsGivenUp() {
        AnswerBody body = new AnswerBody(Duration.ofSeconds(5));
        for (int i = 0; i <= AnswerBody.LONGEST >> 20; i++) {
            body.onNext(List.of(ByteBuffer.allocate(1 << 20)));
        }
        assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class).hasMessageContaining("16 MiB");
    }
}
