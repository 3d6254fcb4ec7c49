package dev.kairos.provider.quartz;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import dev.kairos.api.CronScheduler;
import java.sql.SQLException;
import org.postgresql.Driver;

/** Opens the few connections that Quartz uses. Every wait has a bound, on the server too. */
final class PostgresPool {
    private static final long CONNECT_MILLISECONDS = 3_000;
    private static final long FIRST_MILLISECONDS = 1_000;
    /** One that fires, one that arms, one for check-ins, and a few for triggers that end at the same time. */
    private static final int CONNECTIONS = 6;

    /** A node that is frozen in the middle of a transaction keeps the others from firing for so long at most. */
    private static final String BOUNDS = "SET lock_timeout = '10s'; SET statement_timeout = '20s';"
            + " SET idle_in_transaction_session_timeout = '10s'";

    private PostgresPool() {}

    /** @throws SQLException if no connection can be made within some seconds; it says why in plain words */
    static HikariDataSource open(PostgresAddress address) throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setPoolName("kairos-quartz");
        config.setDriverClassName("org.postgresql.Driver");
        config.setJdbcUrl(address.url());
        address.user().ifPresent(config::setUsername);
        address.password().ifPresent(config::setPassword);
        config.setAutoCommit(false);
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(CONNECT_MILLISECONDS);
        config.setInitializationFailTimeout(FIRST_MILLISECONDS);
        config.setConnectionInitSql(BOUNDS);
        config.addDataSourceProperty("ApplicationName", "kairos-quartz");
        config.addDataSourceProperty("connectTimeout", "5");
        config.addDataSourceProperty("socketTimeout", "30");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        try {
            if (!Driver.isRegistered()) {
                Driver.register();
            }
            return new HikariDataSource(config);
        } catch (HikariPool.PoolInitializationException e) {
            throw new SQLException(
                    "Quartz has no database at " + address + ": " + PlainTrouble.of(e), stateOf(e), e.getCause());
        } finally {
            leaveNoTrace();
        }
    }

    private static String stateOf(Throwable trouble) {
        return trouble.getCause() instanceof SQLException sql && sql.getSQLState() != null
                ? sql.getSQLState()
                : "08001";
    }

    /** A driver of our own JAR registers itself with the JDK, which would keep our classes for ever; the pool has it now. */
    private static void leaveNoTrace() throws SQLException {
        if (Driver.class.getClassLoader() != CronScheduler.class.getClassLoader() && Driver.isRegistered()) {
            Driver.deregister();
        }
    }
}
