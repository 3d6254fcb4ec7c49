package dev.kairos.provider.chronos;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Everything that is logged while it is open, stacks included, at the finest level. */
final class LogLines implements AutoCloseable {
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Logger ours = (Logger) LoggerFactory.getLogger("cron.chronos");
    private final Logger client = (Logger) LoggerFactory.getLogger("jdk");
    private final ListAppender<ILoggingEvent> kept = new ListAppender<>();

    LogLines() {
        kept.start();
        root.addAppender(kept);
        ours.setLevel(Level.ALL);
        ours.setAdditive(false);
        ours.addAppender(kept);
        client.setLevel(Level.ALL);
    }

    List<String> lines() {
        return List.copyOf(kept.list).stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage() + words(event.getThrowableProxy()))
                .toList();
    }

    long warnings() {
        return lines().stream().filter(line -> line.startsWith("WARN")).count();
    }

    private static String words(IThrowableProxy thrown) {
        return thrown == null
                ? ""
                : " " + thrown.getClassName() + ": " + thrown.getMessage() + words(thrown.getCause());
    }

    @Override
    public void close() {
        root.detachAppender(kept);
        ours.detachAppender(kept);
        ours.setAdditive(true);
        ours.setLevel(null);
        client.setLevel(null);
    }
}
