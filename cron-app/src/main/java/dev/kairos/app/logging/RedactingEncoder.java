package dev.kairos.app.logging;

import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.kairos.orchestrator.delivery.Redactor;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes a line without what looks like a secret, in its message as in the stack behind it. */
final class RedactingEncoder extends PatternLayoutEncoder {
    private final Redactor redactor = new Redactor(List.of());

    @Override
    public byte[] encode(ILoggingEvent event) {
        return redactor.redact(getLayout().doLayout(event)).getBytes(StandardCharsets.UTF_8);
    }
}
