package dev.kairos.store.jdbc;

import dev.kairos.api.env.Environment;
import dev.kairos.api.store.JobStoreFactory;
import dev.kairos.api.store.StoreException;
import dev.kairos.api.store.StoreException.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;

/** Makes the tables of a store on PostgreSQL and brings them up to date, one process at a time. */
final class PostgresTables {
    private static final Logger LOG = LoggerFactory.getLogger("cron.store");
    private static final Marker WAITING = MarkerFactory.getMarker(JobStoreFactory.WAITING);

    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration SILENT = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static final String LOCK_WAITED = "55P03";
    private static final String NO_RIGHT = "42501";

    private static final String READABLE_SINCE = "SELECT 1 FROM pg_attribute WHERE attrelid ="
            + " to_regclass('kairos_migrations') AND attname = 'readable_since' AND NOT attisdropped";

    private final PostgresUrl url;
    private final Migrations migrations;

    PostgresTables(PostgresUrl url, Migrations migrations) {
        this.url = url;
        this.migrations = migrations;
    }

    /** Whose end is waited for. */
    private enum Holder {
        /** It goes on with them: whoever comes when it has ended finds everything done. */
        PROCESS(
                Kind.TRANSIENT,
                "another process makes them or brings them up to date",
                "wait until it is done, or end it if it hangs"),
        TRANSACTION(
                Kind.UNUSABLE,
                "somebody's transaction holds them, a dump or a session that was left open (see pg_stat_activity)",
                "let it end");

        private final Kind kind;
        private final String words;
        private final String advice;

        Holder(Kind kind, String words, String advice) {
            this.kind = kind;
            this.words = words;
            this.advice = advice;
        }
    }

    /** Sees to it, in the transaction of the connection, that the tables can be worked on; commits what it makes. */
    void require(Connection connection, TableWork work) throws SQLException {
        int version = version(connection);
        if (version == migrations.newest()) {
            return;
        }
        if (version == 0) {
            requireUsage(connection);
        }
        if (version > migrations.newest()) {
            requireReadable(connection, version);
        } else if (work.isAllowed()) {
            make(connection, work);
        } else if (version == 0) {
            throw Migrations.none(
                    url.shown(),
                    "the schema " + url.schema() + " holds no tables of Kairos",
                    "the first kairos add or kairos serve makes a new one; if there is one already, correct the database, or the"
                            + " schema (?currentSchema=NAME), in the URL");
        } else {
            throw migrations.tooOld(url.shown(), version);
        }
    }

    /**
     * While a table waits to be changed, everybody who wants to read it waits behind that, and a dump may hold it for an hour:
     * so it waits shortly, and often.
     */
    private void make(Connection connection, TableWork work) throws SQLException {
        Environment environment = work.environment();
        Duration begun = environment.uptime();
        boolean isSilent = true;
        while (true) {
            connection.rollback();
            Optional<Holder> holder = attempt(connection, work);
            if (holder.isEmpty()) {
                return;
            }
            Duration waited = environment.uptime().minus(begun);
            if (waited.compareTo(LONGEST) >= 0) {
                throw held(holder.get(), LONGEST);
            }
            if (!rest(environment)) {
                throw held(holder.get(), waited);
            }
            if (isSilent && environment.uptime().minus(begun).compareTo(SILENT) >= 0) {
                LOG.warn(
                        WAITING,
                        "Waiting for the tables of the store {}, for {} s at most: {}.",
                        url.shown(),
                        LONGEST.toSeconds(),
                        holder.get().words);
                isSilent = false;
            }
        }
    }

    private StoreException held(Holder holder, Duration waited) {
        return new StoreException(
                holder.kind,
                "The tables of the store " + url.shown() + " are to be made or brought up to date, and did not come"
                        + " free within " + waited.toSeconds() + " seconds: " + holder.words
                        + ". This process changed nothing, and older nodes work on. What to do: " + holder.advice
                        + ", then start this again",
                null);
    }

    /** Answers whether it went on to its end. */
    private static boolean rest(Environment environment) {
        try {
            environment.sleep(PAUSE);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Answers who was waited for in vain; the second process finds everything done. */
    private Optional<Holder> attempt(Connection connection, TableWork work) throws SQLException {
        Holder holder = Holder.PROCESS;
        try (Statement statement = connection.createStatement()) {
            takeTurn(connection, statement);
            holder = Holder.TRANSACTION;
            PostgresDialect.takeTime(connection); // an index on a long ledger
            statement.execute("SET LOCAL lock_timeout = 1000");
            make(connection, statement, work);
            connection.commit();
            return Optional.empty();
        } catch (SQLException e) {
            if (!LOCK_WAITED.equals(e.getSQLState())) {
                throw e;
            }
            connection.rollback();
            return Optional.of(holder);
        }
    }

    private void takeTurn(Connection connection, Statement statement) throws SQLException {
        statement.execute("SET LOCAL lock_timeout = 1000");
        try (PreparedStatement lock =
                connection.prepareStatement("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))")) {
            lock.setString(1, "kairos migrations of " + url.schema());
            lock.execute();
        }
    }

    private void make(Connection connection, Statement statement, TableWork work) throws SQLException {
        if (!exists(connection, "SELECT 1 FROM pg_namespace WHERE nspname = ?", url.schema())) {
            statement.execute("CREATE SCHEMA " + statement.enquoteIdentifier(url.schema(), true));
        }
        if (version(connection) > migrations.newest()) { // nothing of theirs is touched, not even in form
            requireReadable(connection, version(connection));
            return;
        }
        statement.execute("CREATE TABLE IF NOT EXISTS kairos_migrations (version BIGINT PRIMARY KEY,"
                + " made_at TIMESTAMPTZ NOT NULL DEFAULT now(), readable_since BIGINT)");
        if (!exists(statement, READABLE_SINCE)) { // even in vain it would shut out who reads the version, to the commit
            statement.execute("ALTER TABLE kairos_migrations ADD COLUMN readable_since BIGINT");
        }
        int from = version(connection);
        migrations.run(statement, from);
        if (from == 0) {
            statement.execute("INSERT INTO store (one, store_id, revision, settled_seq, settled_xid, judged,"
                    + " judged_most) VALUES (1, '" + work.newStoreId() + "', 0, 0, 0, 0, 0)");
            work.keepFacts(connection);
        }
    }

    /** A schema that is there and may not be looked into shows no tables. */
    private void requireUsage(Connection connection) throws SQLException {
        if (exists(
                connection,
                "SELECT 1 FROM pg_namespace WHERE nspname = ? AND NOT has_schema_privilege(oid, 'USAGE')",
                url.schema())) {
            throw new SQLException("USAGE of the schema " + url.schema(), NO_RIGHT);
        }
    }

    private void requireReadable(Connection connection, int version) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (!migrations.canRead(statement, version)) {
                throw migrations.refused(url.shown(), version);
            }
        }
    }

    private static int version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (!exists(statement, "SELECT 1 WHERE to_regclass('kairos_migrations') IS NOT NULL")) {
                return 0;
            }
            try (ResultSet results =
                    statement.executeQuery("SELECT coalesce(max(version), 0) FROM kairos_migrations")) {
                return results.next() ? results.getInt(1) : 0;
            }
        }
    }

    static boolean exists(Statement statement, String sql) throws SQLException {
        try (ResultSet results = statement.executeQuery(sql)) {
            return results.next();
        }
    }

    private static boolean exists(Connection connection, String sql, String value) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, value);
            try (ResultSet results = statement.executeQuery()) {
                return results.next();
            }
        }
    }
}
