package dev.kairos.app.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.Logger;

/**
 * Sets the log up when the first logger is asked for; logback finds it as a service. A {@code logback.xml}, {@code
 * logback-test.xml} or {@code -Dlogback.configurationFile} goes first.
 *
 * <p>Status: internal.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {
    /** For logback. */
    public LogSetup() {}

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        ClassLoader loader = LogSetup.class.getClassLoader();
        boolean isSetElsewhere = System.getProperty("logback.configurationFile") != null
                || loader.getResource("logback-test.xml") != null
                || loader.getResource("logback.xml") != null;
        if (isSetElsewhere) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        Appender<ILoggingEvent> appender = new HomeLog();
        appender.setContext(context);
        appender.setName("home");
        appender.start();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(appender);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
