package dev.kairos.store.jdbc;

import dev.kairos.api.env.Environment;
import dev.kairos.api.env.Signal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.postgresql.PGConnection;
import org.postgresql.jdbc.PgConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of other processes' commits over a connection of its own. A lost connection is opened again after a pause; what
 * was said meanwhile is not heard, which is why it is a hint only.
 */
final class PostgresNews {
    /** Followed by the schema. */
    static final String CHANNEL = "kairos_";

    private static final Logger LOG = LoggerFactory.getLogger("cron.store");
    /** How long it listens before it looks whether it shall end. News end the wait, and so does a pool that is closed. */
    private static final int LISTEN_MILLISECONDS = 5_000;

    /** After so many waits without news an empty question is asked: nothing comes either where a firewall forgot it. */
    private static final int LISTENED_IN_VAIN = 6;

    private static final int ANSWERS_WITHIN_SECONDS = 3;

    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final PostgresDialect dialect;
    private final Signal ended;
    private final Runnable hint;
    private volatile boolean isEnded;

    private PostgresNews(PostgresDialect dialect, Environment environment, Runnable hint) {
        this.dialect = dialect;
        this.ended = environment.newSignal();
        this.hint = hint;
    }

    /** Begins to listen on a thread of its own. */
    static Runnable listen(PostgresDialect dialect, Environment environment, Runnable hint) {
        PostgresNews news = new PostgresNews(dialect, environment, hint);
        environment.start("cron-store-news", news::run);
        return () -> {
            news.isEnded = true;
            news.ended.raise();
        };
    }

    private void run() {
        while (!isEnded) {
            try (Connection connection = dialect.connect()) {
                hear(connection);
            } catch (SQLException | RuntimeException e) {
                if (!isEnded) {
                    LOG.debug("cron.store-news lost; it is listened to again in {}", PAUSE, e);
                    pause();
                }
            }
        }
    }

    private void hear(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("LISTEN " + statement.enquoteIdentifier(CHANNEL + connection.getSchema(), true));
        }
        try {
            PGConnection news = connection.unwrap(PGConnection.class);
            int silent = 0;
            while (!isEnded) {
                if (news.getNotifications(LISTEN_MILLISECONDS).length > 0) {
                    hint.run();
                    silent = 0;
                } else if (++silent % LISTENED_IN_VAIN == 0 && !connection.isValid(ANSWERS_WITHIN_SECONDS)) {
                    throw new SQLException("the connection on which news are heard does not answer");
                }
            }
        } finally {
            unlisten(connection);
        }
    }

    /** Before it goes back to the pool, unless the pool closed it meanwhile. */
    private static void unlisten(Connection connection) throws SQLException {
        if (connection.unwrap(PgConnection.class).isClosed()) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("UNLISTEN *");
        } catch (SQLException e) {
            LOG.debug("cron.store-news could not be left; the connection is lost", e);
        }
    }

    private void pause() {
        try {
            ended.await(PAUSE);
        } catch (InterruptedException e) {
            isEnded = true;
            Thread.currentThread().interrupt();
        }
    }
}
