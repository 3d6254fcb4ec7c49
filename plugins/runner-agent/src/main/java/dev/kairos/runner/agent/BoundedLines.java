package dev.kairos.runner.agent;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Lines of UTF-8 from a program that may never end one: what is longer than the bound is passed over. Read by one thread. */
final class BoundedLines implements Closeable {
    private final InputStream from;
    private final int longest;

    /**
     * The lines of a stream.
     *
     * @param longest how many bytes a line may have
     */
    BoundedLines(InputStream from, int longest) {
        this.from = new BufferedInputStream(from);
        this.longest = longest;
    }

    /** The next line that is not too long; empty at the end. */
    Optional<String> next() throws IOException {
        while (true) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            boolean isTooLong = false;
            int value = from.read();
            if (value < 0) {
                return Optional.empty();
            }
            while (value >= 0 && value != '\n') {
                isTooLong |= line.size() >= longest;
                if (!isTooLong) {
                    line.write(value);
                }
                value = from.read();
            }
            if (!isTooLong) {
                return Optional.of(line.toString(StandardCharsets.UTF_8));
            }
        }
    }

    @Override
    public void close() throws IOException {
        from.close();
    }
}
