package dev.kairos.app.command;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * The lines of a JSON-RPC client. One that cannot be a message is answered here, since the library would end the whole
 * conversation over it, and then not even hear that the client has gone. Read by one thread; any thread may wait for the end.
 */
final class ProtocolLines extends InputStream {
    private static final int LONGEST = 4 << 20;

    private final InputStream from;
    private final PrintStream answers;
    private final CountDownLatch end = new CountDownLatch(1);
    private byte[] line = new byte[0];
    private int at;

    ProtocolLines(InputStream from, PrintStream answers) {
        this.from = new BufferedInputStream(from);
        this.answers = answers;
    }

    /** Waits until the client has gone. */
    void awaitEnd() throws InterruptedException {
        end.await();
    }

    @Override
    public int read() throws IOException {
        return fill() ? line[at++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, line.length - at);
        System.arraycopy(line, at, buffer, offset, count);
        at += count;
        return count;
    }

    /** Answers whether there is something to hand on. */
    private boolean fill() throws IOException {
        while (at >= line.length) {
            ByteArrayOutputStream next = new ByteArrayOutputStream();
            int value = from.read();
            while (value >= 0 && value != '\n' && next.size() < LONGEST) {
                next.write(value);
                value = from.read();
            }
            if (value < 0 && next.size() == 0) {
                end.countDown();
                return false;
            }
            hand(next.toString(StandardCharsets.UTF_8));
        }
        return true;
    }

    private void hand(String text) {
        if (text.isBlank()) {
            return;
        }
        Optional<McpRefusal> refusal = McpRefusal.of(text);
        if (refusal.isPresent()) {
            answers.println(refusal.get().json());
            answers.flush();
            return;
        }
        line = (text + "\n").getBytes(StandardCharsets.UTF_8);
        at = 0;
    }

    @Override
    public void close() {
        end.countDown();
    }
}
