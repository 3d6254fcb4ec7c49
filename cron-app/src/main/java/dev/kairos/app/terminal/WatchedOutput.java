package dev.kairos.app.terminal;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * An output that remembers why it could not be written; a plain print stream remembers only that. UTF-8.
 *
 * <p>Status: internal.
 */
public final class WatchedOutput extends PrintStream {
    private static final int BUFFER = 1 << 14;

    private final Sink sink;
    private final OutputStream direct;

    private WatchedOutput(Sink sink, boolean isPrompt, OutputStream target) {
        super(sink, isPrompt, StandardCharsets.UTF_8);
        this.sink = sink;
        this.direct = new Direct(target);
    }

    /** Output to the given stream, collected until it is flushed. */
    public static WatchedOutput buffered(OutputStream target) {
        return new WatchedOutput(new Sink(new BufferedOutputStream(target, BUFFER)), false, target);
    }

    /** Output to the given stream, line by line. */
    public static WatchedOutput prompt(OutputStream target) {
        return new WatchedOutput(new Sink(target), true, target);
    }

    /**
     * The same output for whoever must know of each write whether it failed: behind what was printed before, at once,
     * and whatever became of earlier writes. What fails here counts as nothing that the print stream lost. Of a plain
     * print stream, itself.
     */
    public static OutputStream direct(PrintStream out) {
        return out instanceof WatchedOutput watched ? watched.direct : out;
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

    /** Past the buffer: bytes that failed must not come again with the next flush. */
    private final class Direct extends OutputStream {
        private final OutputStream target;

        Direct(OutputStream target) {
            this.target = target;
        }

        @Override
        public void write(int sign) throws IOException {
            write(new byte[] {(byte) sign}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            synchronized (WatchedOutput.this) { // what its printing locks too: neither stands inside the other
                sink.writeOut();
                target.write(bytes, from, count);
            }
        }

        @Override
        public void flush() throws IOException {
            target.flush();
        }
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

        /** What fails here stays in the buffer: nothing is lost yet. */
        void writeOut() throws IOException {
            out.flush();
        }

        private IOException remembered(IOException failure) {
            if (why.isEmpty()) {
                why = String.valueOf(failure.getMessage());
            }
            return failure;
        }
    }
}
