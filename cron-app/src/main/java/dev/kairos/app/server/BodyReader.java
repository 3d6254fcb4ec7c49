package dev.kairos.app.server;

import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.BufferUtil;

/** Reads one body as it arrives, up to a bound and without a thread that waits for it. Used once. */
final class BodyReader implements Runnable {
    private final Content.Source source;
    private final int most;
    private final Ends ends;
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();

    /** How it can end; one of them is called, once. */
    record Ends(Consumer<byte[]> whole, Runnable tooLarge, Consumer<Throwable> failed) {}

    BodyReader(Content.Source source, int most, Ends ends) {
        this.source = source;
        this.most = most;
        this.ends = ends;
    }

    @Override
    public void run() {
        while (true) {
            Content.Chunk chunk = source.read();
            if (chunk == null) {
                source.demand(this);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                ends.failed().accept(chunk.getFailure());
                return;
            }
            if (read.size() + chunk.remaining() > most) {
                chunk.release();
                ends.tooLarge().run();
                return;
            }
            read.writeBytes(BufferUtil.toArray(chunk.getByteBuffer()));
            boolean isLast = chunk.isLast();
            chunk.release();
            if (isLast) {
                ends.whole().accept(read.toByteArray());
                return;
            }
        }
    }
}
