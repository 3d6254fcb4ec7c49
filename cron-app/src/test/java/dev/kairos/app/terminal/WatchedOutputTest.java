package dev.kairos.app.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class WatchedOutputTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private String trouble = "";
    private final OutputStream target = new OutputStream() {
        @Override
        public void write(int sign) throws IOException {
            if (!trouble.isEmpty()) {
                throw new IOException(trouble);
            }
            written.write(sign);
        }
    };

    @Test
    void theDirectWayStandsBehindWhatWasPrintedAndFailsByItself() throws Exception {
        WatchedOutput out = WatchedOutput.buffered(target);
        out.print("ready;");
        WatchedOutput.direct(out).write(bytes("one;"));
        trouble = "No space left on device";
        assertThatThrownBy(() -> WatchedOutput.direct(out).write(bytes("two;"))).hasMessage(trouble);
        trouble = "";
        WatchedOutput.direct(out).write(bytes("two again;"));
        out.print("stopped");
        assertThat(WatchedOutput.lost(out)).isEmpty();
        assertThat(text()).isEqualTo("ready;one;two again;stopped");
    }

    @Test
    void whatWasPrintedAndLostStaysLostThoughTheDirectWayWorksAgain() throws Exception {
        WatchedOutput out = WatchedOutput.prompt(target);
        trouble = "No space left on device";
        out.println("ready");
        trouble = "";
        WatchedOutput.direct(out).write(bytes("one"));
        assertThat(text()).isEqualTo("one");
        assertThat(WatchedOutput.lost(out)).contains("No space left on device");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private String text() {
        return written.toString(StandardCharsets.UTF_8);
    }
}
