package dev.kairos.app.command;

import dev.kairos.api.InvalidInputException;
import dev.kairos.app.terminal.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/**
 * The lines of a JSON-RPC client. One that is no JSON object is answered here, since the library would end the whole
 * conversation over it. Read by one thread; any thread may wait for the end.
 */
final class ProtocolLines extends InputStream {
    private static final String NO_JSON = "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":"
            + "\"This line is no JSON object: write one JSON-RPC message in each line.\"}}";
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
        try {
            Json.object("the message", text);
            line = (text + "\n").getBytes(StandardCharsets.UTF_8);
            at = 0;
        } catch (InvalidInputException noJson) {
            answers.println(NO_JSON);
            answers.flush();
        }
    }

    @Override
    public void close() {
        end.countDown();
    }
}
