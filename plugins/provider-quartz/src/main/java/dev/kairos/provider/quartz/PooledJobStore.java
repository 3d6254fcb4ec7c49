package dev.kairos.provider.quartz;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.quartz.JobPersistenceException;
import org.quartz.impl.jdbcjobstore.InvalidConfigurationException;
import org.quartz.impl.jdbcjobstore.JobStoreTX;
import org.quartz.impl.jdbcjobstore.PostgreSQLDelegate;
import org.quartz.utils.ConnectionProvider;
import org.quartz.utils.DBConnectionManager;

/** Quartz's store in a database, clustered, on connections of ours: two of one name may live in one process. */
@SuppressWarnings("unchecked") // Quartz overrides its own generic method by a raw one
final class PooledJobStore extends JobStoreTX {
    /** Quartz asks its own registry for a data source by name when it ends; it finds this one, which holds nothing. */
    private static final String NAME = "kairos";

    private final DataSource connections;

    PooledJobStore(DataSource connections, QuartzSettings.Database database) {
        this.connections = connections;
        DBConnectionManager.getInstance().addConnectionProvider(NAME, new Nothing());
        setDataSource(NAME);
        setTablePrefix(database.tablePrefix());
        delegate();
        setUseProperties("true");
        setIsClustered(true);
        setClusterCheckinInterval(database.checkin().toMillis());
        setDbRetryInterval(2_000);
        setMakeThreadsDaemons(true);
    }

    private void delegate() {
        try {
            setDriverDelegateClass(PostgreSQLDelegate.class.getName());
        } catch (InvalidConfigurationException e) {
            throw new IllegalStateException("Quartz no longer takes its own delegate for PostgreSQL", e);
        }
    }

    @Override
    protected Connection getConnection() throws JobPersistenceException {
        try {
            return connections.getConnection();
        } catch (SQLException e) {
            throw new JobPersistenceException("no connection to the database", e);
        }
    }

    private static final class Nothing implements ConnectionProvider {
        @Override
        public Connection getConnection() throws SQLException {
            throw new SQLException("this provider has no connections");
        }

        @Override
        public void shutdown() {}

        @Override
        public void initialize() {}
    }
}
