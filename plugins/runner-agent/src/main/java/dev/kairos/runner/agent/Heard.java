package dev.kairos.runner.agent;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that says whenever something came. */
final class Heard extends FilterInputStream {
    private final Runnable heard;

    Heard(InputStream from, Runnable heard) {
        super(from);
        this.heard = heard;
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        heard.run();
        return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        heard.run();
        return count;
    }
}
