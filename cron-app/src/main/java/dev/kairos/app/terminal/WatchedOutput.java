package dev.kairos.app.terminal;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * Standard output that remembers why it could not be written; a plain print stream remembers only that. UTF-8.
 *
 * <p>Status: internal.
 */
public final class WatchedOutput extends PrintStream {
    private final Sink sink;

    /** Output to the given stream, which should be buffered. */
    public WatchedOutput(OutputStream target) {
        this(new Sink(target));
    }

    private WatchedOutput(Sink sink) {
        super(sink, false, StandardCharsets.UTF_8);
        this.sink = sink;
    }

    /**
     * Writes what is buffered, and answers why something of the output was lost; empty if nothing was, or if the reader
     * left before the end, which is the reader's choice.
     */
    static Optional<String> lost(PrintStream out) {
        boolean isLost = out.checkError();
        if (!isLost) {
            return Optional.empty();
        }
        String why = out instanceof WatchedOutput watched ? watched.sink.why : "";
        return why.toLowerCase(Locale.ROOT).contains("broken pipe") ? Optional.empty() : Optional.of(why);
    }

    private static final class Sink extends FilterOutputStream {
        private volatile String why = "";

        Sink(OutputStream target) {
            super(target);
        }

        @Override
        public void write(int sign) throws IOException {
            try {
                out.write(sign);
            } catch (IOException e) {
                throw remembered(e);
            }
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            try {
                out.write(bytes, from, count);
            } catch (IOException e) {
                throw remembered(e);
            }
        }

        @Override
        public void flush() throws IOException {
            try {
                out.flush();
            } catch (IOException e) {
                throw remembered(e);
            }
        }

        private IOException remembered(IOException failure) {
            if (why.isEmpty()) {
                why = String.valueOf(failure.getMessage());
            }
            return failure;
        }
    }
}
