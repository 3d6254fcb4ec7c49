package dev.kairos.store.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import dev.kairos.api.env.Environment;
import dev.kairos.api.store.StoreException;
import dev.kairos.api.store.StoreException.Kind;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/**
 * PostgreSQL 13 or newer: transactions write side by side, jobs are locked row by row, and a claim passes over what
 * another has locked. Connections come from a pool, but for the lease's, which is opened anew as soon as it is silent.
 * Every wait has a bound, on the server too: a node that is frozen in the middle of a transaction holds its locks for
 * {@value #IDLE_IN_TRANSACTION} at most, less than its lease.
 */
final class PostgresDialect implements Dialect {
    private static final int WRITERS = 4;
    /** Four readers, the writers, one that listens; the lease's comes beside. */
    private static final int MOST_POOLED = 4 + WRITERS + 1;

    private static final int OLDEST_SERVER = 13;

    /** Less than the time after which a node without a renewal starts nothing, so that one blocked call does not cost it. */
    private static final long CONNECT_MILLISECONDS = 5_000;

    /** A connection that lay unused and does not answer an empty question for so long is dead. */
    private static final long ALIVE_MILLISECONDS = 1_000;
    /** A server that refuses the first connection for so long does not run: whoever asked is told, and need not wait longer. */
    private static final long FIRST_MILLISECONDS = 3_000;

    private static final String IDLE_IN_TRANSACTION = "8s";
    /** A pass counts as stalled after 30 s: several statements on connections that fell silent must not look like one. */
    private static final String STATEMENT = "8s";

    private static final String SILENT_SECONDS = "10";

    /** Whoever asks for a lease again after all of these have passed still has it. */
    private static final String LEASE_STATEMENT = "3s";

    private static final String LEASE_SILENT_SECONDS = "4";
    private static final String LEASE_CONNECT_SECONDS = "3";

    /** What gives way to another transaction and may be tried again. */
    private static final Set<String> BUSY = Set.of("40001", "40P01", "55P03");

    private static final String LOCK_TAG = "SELECT pg_advisory_xact_lock(hashtextextended('kairos tag of '"
            + " || current_schema() || ' ' || ?, 0)) IS NULL";

    private static final String UNIQUE_VIOLATION = "23505";

    private final PostgresUrl url;
    private final PostgresTables tables;
    private final HikariDataSource pool;
    private final Properties leases = new Properties();
    /** Where a test has connections from. */
    private final @Nullable DataSource given;

    private final SnapshotMoves moves = new SnapshotMoves();

    PostgresDialect(PostgresUrl url) {
        this(url, config -> {}, new Migrations("postgresql"));
    }

    /** The server refuses every write. */
    static PostgresDialect reading(PostgresUrl url) {
        return new PostgresDialect(url, config -> config.setReadOnly(true), new Migrations("postgresql"));
    }

    /** @param further changes the pool before it begins */
    PostgresDialect(PostgresUrl url, Consumer<HikariConfig> further, Migrations migrations) {
        this.url = url;
        this.tables = new PostgresTables(url, migrations);
        HikariConfig config = new HikariConfig();
        config.setPoolName("kairos-store");
        config.setDriverClassName("org.postgresql.Driver");
        config.setJdbcUrl(url.text());
        config.setSchema(url.schema());
        config.setMaximumPoolSize(MOST_POOLED);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(CONNECT_MILLISECONDS);
        config.setInitializationFailTimeout(FIRST_MILLISECONDS);
        config.setValidationTimeout(ALIVE_MILLISECONDS);
        config.setConnectionInitSql(bounds("5s", STATEMENT));
        config.setExceptionOverride(new SpentConnections());
        bound(config.getDataSourceProperties(), "5", SILENT_SECONDS);
        bound(leases, LEASE_CONNECT_SECONDS, LEASE_SILENT_SECONDS);
        further.accept(config);
        this.given = config.getDataSource();
        this.pool = open(config);
    }

    private static void bound(Properties properties, String connecting, String silent) {
        properties.setProperty("ApplicationName", "kairos");
        properties.setProperty("connectTimeout", connecting);
        properties.setProperty("loginTimeout", connecting);
        properties.setProperty("socketTimeout", silent);
        properties.setProperty("tcpKeepAlive", "true");
    }

    /** What holds on the server, whatever its own defaults are: {@link PostgresCounters} relies on the isolation. */
    private static String bounds(String lock, String statement) {
        return "SET lock_timeout = '" + lock + "'; SET statement_timeout = '" + statement
                + "'; SET idle_in_transaction_session_timeout = '" + IDLE_IN_TRANSACTION
                + "'; SET default_transaction_isolation = 'read committed'";
    }

    private HikariDataSource open(HikariConfig config) {
        try {
            return new HikariDataSource(config);
        } catch (HikariPool.PoolInitializationException e) {
            throw e.getCause() instanceof SQLException refused
                    ? explain(refused)
                    : explain(new SQLException(e.getMessage(), e));
        }
    }

    @Override
    public String name() {
        return "postgresql";
    }

    @Override
    public Connection connect() throws SQLException {
        return pool.getConnection();
    }

    @Override
    public Connection connectApart() throws SQLException {
        Connection connection = given == null ? new Driver().connect(url.text(), leases) : given.getConnection();
        if (connection == null) {
            throw new SQLException("the driver does not know " + url.shown());
        }
        try (Statement statement = connection.createStatement()) {
            connection.setSchema(url.schema());
            statement.execute(bounds("2s", LEASE_STATEMENT));
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** It is left in auto-commit mode: the question must begin no transaction. */
    @Override
    public boolean isAlive(Connection connection) {
        try {
            connection.setAutoCommit(true);
            return connection.isValid((int) (ALIVE_MILLISECONDS / 1_000));
        } catch (SQLException e) {
            return false; // it is closed
        }
    }

    @Override
    public boolean takesArrays() {
        return true;
    }

    @Override
    public int writers() {
        return WRITERS;
    }

    @Override
    public boolean keepsOutputs() {
        return true;
    }

    @Override
    public boolean keepsConnections() {
        return false;
    }

    @Override
    public String enter(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery("SELECT current_setting('search_path')")) {
            results.next();
            String theirs = results.getString(1);
            searchIn(connection, url.schema());
            return theirs;
        }
    }

    @Override
    public void leave(Connection connection, String theirs) throws SQLException {
        searchIn(connection, theirs);
    }

    /** Until the end of the transaction, or of the savepoint that is rolled back. */
    private static void searchIn(Connection connection, String path) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT set_config('search_path', ?, true)")) {
            statement.setString(1, path);
            statement.execute();
        }
    }

    @Override
    public void freeze(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
            statement.execute("SET LOCAL idle_in_transaction_session_timeout = 0");
            statement.execute("SELECT 1 FROM store"); // the first look takes the snapshot
        }
        takeTime(connection);
    }

    /** Until the transaction ends the server waits for nothing but itself; until the pool has it back, so does the socket. */
    static void takeTime(Connection connection) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, 0);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0");
        }
    }

    /** Damage to its files is the server's own to find. */
    @Override
    public List<String> damage(Session session) {
        return List.of();
    }

    /** Not {@code now()}, which stands still in a transaction. */
    @Override
    public Optional<String> clock() {
        return Optional.of("SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint");
    }

    @Override
    public Optional<String> place(Session session) throws SQLException {
        return PostgresPlace.of(session, url);
    }

    @Override
    public Moves moves() {
        return moves;
    }

    @Override
    public Counters counters(Session session) {
        return new PostgresCounters(session);
    }

    @Override
    public void countAlone(Session session, Collection<String> tags) throws SQLException {
        for (String tag : new TreeSet<>(tags)) {
            session.sql(LOCK_TAG).text(tag).first(cells -> true);
        }
    }

    @Override
    public String written(String text) {
        return Escapes.write(text);
    }

    @Override
    public String read(String written) {
        return Escapes.read(written);
    }

    @Override
    public Runnable listen(Environment environment, Runnable hint) {
        return PostgresNews.listen(this, environment, hint);
    }

    // ---- tables -----------------------------------------------------------------------------------------------------

    @Override
    public void migrate(Connection connection, TableWork work) throws SQLException {
        requireNewEnough(connection.getMetaData());
        connection.setAutoCommit(false);
        int bound = connection.getNetworkTimeout();
        tables.require(connection, work);
        if (work.isAllowed()) {
            forgetForeignNumbers(connection);
        }
        connection.commit();
        connection.setNetworkTimeout(Runnable::run, bound);
        connection.setAutoCommit(true);
    }

    /** Before anything is made: the number was told at the greeting. */
    private void requireNewEnough(DatabaseMetaData server) throws SQLException {
        if (server.getDatabaseMajorVersion() < OLDEST_SERVER) {
            throw new StoreException(
                    Kind.UNUSABLE,
                    "The store " + url.shown() + " is on PostgreSQL " + server.getDatabaseProductVersion() + ", and "
                            + OLDEST_SERVER + " is the oldest that will do: upgrade the server, or name another in"
                            + " store.url. Nothing was made.",
                    null);
        }
    }

    /** A dump that was read into another server brings numbers of transactions that are still to come there. */
    private static void forgetForeignNumbers(Connection connection) throws SQLException {
        String next = "pg_snapshot_xmax(pg_current_snapshot())::text::bigint";
        try (Statement statement = connection.createStatement()) {
            if (PostgresTables.exists(statement, "SELECT 1 FROM jobs WHERE moved >= " + next + " LIMIT 1")
                    || PostgresTables.exists(statement, "SELECT 1 FROM removals WHERE moved >= " + next + " LIMIT 1")
                    || PostgresTables.exists(statement, "SELECT 1 FROM store WHERE settled_xid > " + next)) {
                takeTime(connection);
                statement.execute("UPDATE jobs SET moved = 0 WHERE moved >= " + next);
                statement.execute("UPDATE removals SET moved = 0 WHERE moved >= " + next);
                statement.execute("UPDATE store SET settled_seq = 0, settled_xid = 0");
            }
        }
    }

    // ---- failures ---------------------------------------------------------------------------------------------------

    @Override
    public boolean isBusy(SQLException failure) {
        return BUSY.contains(state(failure));
    }

    @Override
    public boolean isClash(SQLException failure) {
        return state(failure).equals(UNIQUE_VIOLATION);
    }

    @Override
    public StoreException explain(SQLException failure) {
        String state = state(failure);
        if (isBusy(failure)) {
            return said(
                    Kind.TRANSIENT,
                    "is held by another transaction: try again. If it stays so, look for one that hangs"
                            + " (SELECT * FROM pg_stat_activity WHERE state <> 'idle').",
                    failure);
        }
        Optional<String> cutShort = cutShort(state);
        if (cutShort.isPresent()) {
            return said(Kind.TRANSIENT, cutShort.get(), failure);
        }
        Optional<RefusedConnection> refused = RefusedConnection.of(url, failure, state, words(failure));
        if (refused.isPresent()) {
            return said(refused.get().kind(), refused.get().words(), failure);
        }
        if (state.equals("3D000")) {
            return said(Kind.UNUSABLE, "has no such database: make it (createdb), or correct store.url.", failure);
        }
        if (state.equals("42501")) {
            return said(
                    Kind.UNUSABLE,
                    "gives this user too few rights (" + words(failure) + "): grant them, or make the schema "
                            + url.schema() + " beforehand and own it.",
                    failure);
        }
        if (state.equals("42P07")) {
            return said(
                    Kind.UNUSABLE,
                    "has tables of another program in the schema " + url.schema()
                            + ": nothing was changed. Name another schema with ?currentSchema=NAME in store.url.",
                    failure);
        }
        if (state.equals("53100")) {
            return said(Kind.FULL, "has no space left and nothing was written: free some on its disk.", failure);
        }
        if (state.equals("25006")) {
            return said(Kind.TRANSIENT, "is read-only now: it must be the primary server, not a standby.", failure);
        }
        if (isLost(state)) {
            return said(
                    Kind.TRANSIENT,
                    "cannot be reached (" + RefusedConnection.firstSentence(words(failure))
                            + "): try again if this process was stopped for a while or this machine slept; else check"
                            + " that the server runs and that this machine may connect to it.",
                    failure);
        }
        return said(
                Kind.UNUSABLE,
                "could not be used (" + words(failure)
                        + "): correct store.url if it asks for that; the server's log may say more.",
                failure);
    }

    /** What the server ended although it could have gone on. */
    private static Optional<String> cutShort(String state) {
        return switch (state) {
            case "57014" ->
                Optional.of("did not do in time what was asked (at most " + STATEMENT + " for one statement),"
                        + " or an operator cancelled it: try again. If it stays so, the server is too busy: see its load,"
                        + " and SELECT * FROM pg_stat_activity.");
            case "25P03" ->
                Optional.of("ended a transaction of this process, which had done nothing in it for "
                        + IDLE_IN_TRANSACTION
                        + "; nothing of it was written: try again. If it comes back, this machine sleeps,"
                        + " or has too little processor or memory.");
            case "25P04" ->
                Optional.of("ended a transaction of this process that lasted longer than its"
                        + " transaction_timeout; nothing of it was written: try again. If it comes back, set"
                        + " transaction_timeout = 0 for this user.");
            default -> Optional.empty();
        };
    }

    /** No connection, or the server is ending, starting, or has no place left. */
    private static boolean isLost(String state) {
        return state.isEmpty() || state.startsWith("08") || state.startsWith("57P") || state.startsWith("53");
    }

    private StoreException said(Kind kind, String what, SQLException failure) {
        return new StoreException(kind, "The store " + url.shown() + " " + what, failure);
    }

    private static String words(SQLException failure) {
        Throwable cause = failure.getCause();
        String text = String.valueOf(failure.getMessage());
        String deeper = cause instanceof SQLException && cause.getMessage() != null ? cause.getMessage() : text;
        int end = deeper.indexOf('\n');
        return end < 0 ? deeper : deeper.substring(0, end);
    }

    /** The state of the failure, or of what a pool wrapped in a failure of its own. */
    private static String state(SQLException failure) {
        String state = failure.getSQLState();
        if (failure.getCause() instanceof SQLException cause && cause.getSQLState() != null) {
            state = cause.getSQLState();
        }
        return state == null ? "" : state;
    }

    @Override
    public void close() {
        pool.close();
    }
}
