package dev.kairos.app.logging;

import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.nio.charset.StandardCharsets;

/** Writes a line without secrets, in its message as in the stack behind it. */
final class RedactingEncoder extends PatternLayoutEncoder {
    @Override
    public byte[] encode(ILoggingEvent event) {
        return LogTarget.redacted(getLayout().doLayout(event)).getBytes(StandardCharsets.UTF_8);
    }
}
