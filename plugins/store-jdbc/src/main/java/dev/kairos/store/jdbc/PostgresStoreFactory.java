package dev.kairos.store.jdbc;

import dev.kairos.api.env.Environment;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.JobStoreFactory;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;

/**
 * Opens stores on PostgreSQL: {@code jdbc:postgresql://HOST/DATABASE?user=...&password=...}. The tables lie in the schema
 * {@code kairos}, or in the one that {@code currentSchema} names.
 *
 * <p>Status: experimental since 0.1.
 */
public final class PostgresStoreFactory implements JobStoreFactory {
    /** For the service loader. */
    public PostgresStoreFactory() {}

    @Override
    public boolean accepts(String url) {
        return url.strip().toLowerCase(Locale.ROOT).startsWith(PostgresUrl.PREFIX);
    }

    @Override
    public JobStore open(String url, Path home, Environment environment) {
        PostgresUrl where = PostgresUrl.of(url.strip());
        return new JdbcStore(new PostgresDialect(where), environment);
    }

    @Override
    public JobStore openUnchanged(String url, Path home, Environment environment) {
        PostgresUrl where = PostgresUrl.of(url.strip());
        Migrations migrations = new Migrations("postgresql");
        PostgresDialect dialect = PostgresDialect.reading(where, migrations);
        try {
            int version = version(dialect);
            if (version == 0) {
                throw Migrations.none(
                        where.shown(),
                        "the schema " + where.schema() + " holds no tables of Kairos",
                        "check the database, and the schema (?currentSchema=NAME), in the URL");
            }
            if (version < migrations.newest()) {
                throw migrations.tooOld(where.shown(), version);
            }
            return new JdbcStore(dialect, environment);
        } catch (RuntimeException | Error e) {
            dialect.close(); // more than once does no harm
            throw e;
        }
    }

    /** Which version the tables have; 0 where there are none. */
    private static int version(PostgresDialect dialect) {
        try (Connection connection = dialect.connect();
                Statement statement = connection.createStatement()) {
            return number(statement, "SELECT count(to_regclass('kairos_migrations'))") == 0
                    ? 0
                    : number(statement, "SELECT coalesce(max(version), 0) FROM kairos_migrations");
        } catch (SQLException e) {
            throw dialect.explain(e);
        }
    }

    private static int number(Statement statement, String sql) throws SQLException {
        try (ResultSet results = statement.executeQuery(sql)) {
            return results.next() ? results.getInt(1) : 0;
        }
    }
}
