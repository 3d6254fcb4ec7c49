package dev.kairos.app.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Gives SLF4J a logback that writes to the home's log, without logback's own search for a configuration: that search costs
 * every short command a tenth of its time. {@code -Dlogback.configurationFile} goes first, and then logback sets itself up.
 *
 * <p>Status: internal.
 */
public final class HomeLogProvider implements SLF4JServiceProvider {
    private static final String OWN_CONFIGURATION = "logback.configurationFile";
    private static final String POOL = "com.zaxxer.hikari";
    private static final String PLUGIN_LOADER = "org.pf4j";
    private static final String HTTP_LIBRARY = "org.eclipse.jetty";
    private static final String CHOICE = "slf4j.provider";
    private static final String OWN_WORDS = "slf4j.internal.verbosity";
    /** The newest SLF4J that this was written for; SLF4J asks for it. */
    private static final String SLF4J = "2.0.99";

    private final LoggerContext context = new LoggerContext();
    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final LogbackMDCAdapter values = new LogbackMDCAdapter();

    /** For SLF4J. */
    public HomeLogProvider() {}

    /** Makes the first logger of this process find this provider; before that. Does nothing where another is named. */
    public static void choose() {
        if (System.getProperty(OWN_CONFIGURATION) == null && System.getProperty(CHOICE) == null) {
            System.setProperty(CHOICE, HomeLogProvider.class.getName());
            if (System.getProperty(OWN_WORDS) == null) {
                System.setProperty(OWN_WORDS, "WARN"); // or SLF4J says on standard error which provider was named
            }
        }
    }

    @Override
    public void initialize() {
        context.setName("default");
        context.setMDCAdapter(values);
        HomeLog log = new HomeLog();
        log.setContext(context);
        log.setName("home");
        log.start();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(log);
        context.getLogger(POOL).setLevel(Level.OFF); // the store itself says what it cannot reach, once
        context.getLogger(HTTP_LIBRARY).setLevel(Level.ERROR); // callers who mean no good would fill the log
        context.getLogger(PLUGIN_LOADER).setLevel(Level.ERROR); // what it cannot load is said once, with its remedy
        context.start();
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return context;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return values;
    }

    @Override
    public String getRequestedApiVersion() {
        return SLF4J;
    }
}
