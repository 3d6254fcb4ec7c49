package dev.kairos.store.jdbc;

import dev.kairos.api.store.StoreException;
import dev.kairos.api.store.StoreException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * SQLite in WAL mode with a forced log at each commit. The connection is made without the driver manager, which would
 * look for every driver on the class path.
 */
final class SqliteDialect implements Dialect {
    /** "KAIR": tells our files from those of other programs. */
    private static final int APPLICATION_ID = 0x4B414952;

    /** How long SQLite itself waits for another process before the host is asked whether to go on. */
    private static final int BUSY_MILLISECONDS = 1_000;

    /** What is left of a log that a burst of writes made long. */
    private static final int LOG_BYTES = 64 << 20;

    private static final int BUSY = 5;
    private static final int LOCKED = 6;
    private static final int READ_ONLY = 8;
    private static final int CORRUPT = 11;
    private static final int FULL = 13;
    private static final int CANNOT_OPEN = 14;
    private static final int NOT_A_DATABASE = 26;

    private final String url;
    private final String file;
    private final Optional<Path> path;
    private final Migrations migrations;
    /** What tells the file that was opened from another one at its place; empty where the system does not. */
    private volatile Optional<Object> identity = Optional.empty();

    SqliteDialect(Path file) {
        this(file, new Migrations("sqlite"));
    }

    SqliteDialect(Path file, Migrations migrations) {
        this("jdbc:sqlite:" + file, file.toString(), Optional.of(file), migrations);
    }

    private SqliteDialect(String url, String file, Optional<Path> path, Migrations migrations) {
        this.migrations = migrations;
        this.url = url;
        this.file = file;
        this.path = path;
    }

    /**
     * A store in the memory of this process, for tests: its connections share one cache, and it is gone with the last of
     * them. Connections that write at the same time fail instead of waiting.
     *
     * @param name tells it from others in this process
     */
    static SqliteDialect inMemory(String name) {
        return new SqliteDialect(
                "jdbc:sqlite:file:" + name + "?mode=memory&cache=shared",
                "in memory",
                Optional.empty(),
                new Migrations("sqlite"));
    }

    @Override
    public String name() {
        return "sqlite";
    }

    @Override
    public boolean takesArrays() {
        return false;
    }

    @Override
    public int writers() {
        return 1;
    }

    @Override
    public boolean keepsOutputs() {
        return false;
    }

    @Override
    public boolean keepsConnections() {
        return true;
    }

    @Override
    public String enter(Connection connection) {
        return ""; // a file has one set of tables
    }

    @Override
    public void leave(Connection connection, String theirs) {
        // nothing was changed
    }

    @Override
    public void freeze(Connection connection) throws SQLException {
        number(connection, "SELECT count(*) FROM store"); // the first look begins the transaction
    }

    @Override
    public List<String> damage(Session session) throws SQLException {
        return SqliteDamage.in(session.connection());
    }

    /**
     * By the file itself, however it was named: what tells it from one that another container sees at the same path is the
     * file's as long as it lives, whatever is written, vacuumed or restored into it.
     */
    @Override
    public Optional<String> place(Session session) {
        try {
            return path.isEmpty()
                    ? Optional.empty()
                    : Optional.of(PlaceDigest.of(
                            "sqlite",
                            path.get().toRealPath().toString(),
                            identity.map(Object::toString).orElse("")));
        } catch (IOException e) {
            return Optional.empty(); // it is not there
        }
    }

    @Override
    public Moves moves() {
        return new CountedMoves();
    }

    @Override
    public Counters counters(Session session) throws SQLException {
        return StoreRowCounters.begin(session);
    }

    @Override
    public String written(String text) {
        return text;
    }

    @Override
    public String read(String written) {
        return written;
    }

    @Override
    public void close() {
        // its connections are the database's
    }

    @Override
    public Connection connect() throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLISECONDS);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        config.setCacheSize(-16_384);
        config.setJournalSizeLimit(LOG_BYTES);
        return config.createConnection(url);
    }

    /**
     * Whoever deletes or replaces the file under a process leaves it with one that nobody else sees: what it claimed there,
     * others would claim again.
     */
    @Override
    public void requireSame() {
        if (identity.isPresent() && !identity.equals(identityNow())) {
            throw new StoreException(
                    Kind.UNUSABLE,
                    "The store " + file + " was deleted or replaced while this process had it open: nothing more is"
                            + " written to it. Start this process again; it then works on what is there.",
                    null);
        }
    }

    private Optional<Object> identityNow() {
        try {
            return path.isEmpty()
                    ? Optional.empty()
                    : Optional.ofNullable(Files.readAttributes(path.get(), BasicFileAttributes.class)
                            .fileKey());
        } catch (IOException e) {
            return Optional.empty(); // it is not there
        }
    }

    @Override
    public void migrate(Connection connection, TableWork work) throws SQLException {
        identity = identityNow();
        migrateTables(connection, work);
    }

    private void migrateTables(Connection connection, TableWork work) throws SQLException {
        if (version(connection) == migrations.newest() && applicationId(connection) == APPLICATION_ID) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            refuseStrangers(connection, statement);
            if (version(connection) > migrations.newest()) {
                return; // a newer one's, and said to be readable
            }
            if (!work.isAllowed()) {
                requireNewest(version(connection));
            }
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("BEGIN IMMEDIATE");
            try {
                int from = version(connection);
                refuseStrangers(connection, statement);
                migrations.run(statement, from);
                if (from == 0) {
                    statement.execute(
                            "INSERT INTO store (one, store_id, revision, moves, numbered, judged, judged_most)"
                                    + " VALUES (1, '" + work.newStoreId() + "', 0, 0, 0, 0, 0)");
                    work.keepFacts(connection);
                }
                statement.execute("PRAGMA user_version = " + Math.max(from, migrations.newest()));
                statement.execute("PRAGMA application_id = " + APPLICATION_ID);
                statement.execute("COMMIT");
            } catch (SQLException | RuntimeException e) {
                rollBack(statement, e);
                throw e;
            }
        }
    }

    /**
     * Looks whether the tables can be read as they are, and writes nothing, not even what a log still holds.
     *
     * @throws StoreException if there are none, or they would have to be upgraded
     */
    void requirePresent() {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLISECONDS);
        config.setReadOnly(true);
        try (Connection connection = config.createConnection(url);
                Statement statement = connection.createStatement()) {
            refuseStrangers(connection, statement);
            requireNewest(version(connection));
        } catch (SQLException e) {
            throw code(e) == CORRUPT
                    ? unusable(
                            "is damaged where it says which tables it has, so that SQLite can look at nothing in it: stop"
                                    + " every Kairos process, keep a copy of the file, and restore a backup or move it away (a"
                                    + " new store is then made from jobs.json).",
                            e)
                    : explain(e);
        }
    }

    private void requireNewest(int version) {
        if (version == 0) {
            throw Migrations.none(
                    file,
                    "the file is empty",
                    "the first kairos add or kairos serve makes a new one in it; to read one, name the file of a"
                            + " store or of a backup");
        }
        if (version < migrations.newest()) {
            throw migrations.tooOld(file, version);
        }
    }

    private static void rollBack(Statement statement, Exception reason) {
        try {
            statement.execute("ROLLBACK");
        } catch (SQLException e) {
            reason.addSuppressed(e); // the connection is closed next, which undoes the rest
        }
    }

    private void refuseStrangers(Connection connection, Statement statement) throws SQLException {
        int version = version(connection);
        int application = applicationId(connection);
        boolean empty = number(connection, "SELECT count(*) FROM sqlite_master") == 0;
        if (!empty && application != APPLICATION_ID) {
            throw new StoreException(
                    Kind.UNUSABLE,
                    "The file " + file + " is a SQLite file of another program: nothing was changed in it. Set"
                            + " store.url to another file, or move this one away.",
                    null);
        }
        if (version > migrations.newest() && !(isWrittenDown(connection) && migrations.canRead(statement, version))) {
            throw migrations.refused(file, version);
        }
    }

    private static boolean isWrittenDown(Connection connection) throws SQLException {
        return number(connection, "SELECT count(*) FROM sqlite_master WHERE name = 'kairos_migrations'") > 0;
    }

    private static int version(Connection connection) throws SQLException {
        return number(connection, "PRAGMA user_version");
    }

    private static int applicationId(Connection connection) throws SQLException {
        return number(connection, "PRAGMA application_id");
    }

    private static int number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery(sql)) {
            return results.next() ? results.getInt(1) : 0;
        }
    }

    /** SQLite makes its shared-memory file larger before anything else: on a full disk that is what fails. */
    private static boolean isWantOfSpace(SQLiteErrorCode code) {
        return code == SQLiteErrorCode.SQLITE_IOERR_SHMSIZE;
    }

    @Override
    public boolean isBusy(SQLException failure) {
        int code = code(failure);
        return code == BUSY || code == LOCKED;
    }

    @Override
    public boolean isClash(SQLException failure) {
        return failure instanceof SQLiteException detailed
                && (detailed.getResultCode() == SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE
                        || detailed.getResultCode() == SQLiteErrorCode.SQLITE_CONSTRAINT_PRIMARYKEY);
    }

    @Override
    public StoreException explain(SQLException failure) {
        if (failure instanceof SQLiteException detailed && isWantOfSpace(detailed.getResultCode())) {
            return new StoreException(
                    Kind.FULL,
                    "The disk that holds the store " + file + " is full and nothing was written: free some space.",
                    failure);
        }
        switch (code(failure)) {
            case BUSY:
            case LOCKED:
                return new StoreException(
                        Kind.TRANSIENT,
                        "The store " + file + " is held by another process: try again. If it stays so, look for a"
                                + " process that hangs with the file open (fuser " + file + ").",
                        failure);
            case FULL:
                return new StoreException(
                        Kind.FULL,
                        "The disk that holds the store " + file + " is full and nothing was written: free some"
                                + " space.",
                        failure);
            case READ_ONLY:
            case CANNOT_OPEN:
                if (path.filter(SqliteDialect::isReadOnlyDisk).isPresent()) {
                    return unusable(
                            "lies on a disk that is read-only: mount it for writing, or work on a copy of the home"
                                    + " elsewhere (--home).",
                            failure);
                }
                return code(failure) == CANNOT_OPEN
                        ? unusable(
                                "cannot be opened: it must be a file in a folder that this user may read and write.",
                                failure)
                        : unusable(
                                "cannot be written: make the file, its -wal and -shm files and their folder writable for"
                                        + " this user.",
                                failure);
            case NOT_A_DATABASE:
                return unusable(
                        "is no SQLite file: put a backup in its place, move it away (a new store is then made from"
                                + " jobs.json), or set store.url to another file.",
                        failure);
            case CORRUPT:
                return unusable(
                        "is damaged: stop every Kairos process, keep a copy of the file, and restore a backup or move"
                                + " it away (a new store is then made from jobs.json); kairos store check says what"
                                + " SQLite finds in it.",
                        failure);
            default:
                return unusable(
                        "could not be used (" + failure.getMessage() + "): look at the disk and at the rights of the"
                                + " file and its folder.",
                        failure);
        }
    }

    /** Whether a file lies, or would lie, on a disk that nobody writes to; false where the system does not say. */
    static boolean isReadOnlyDisk(Path file) {
        Path there = file.toAbsolutePath();
        while (there != null && !Files.exists(there)) {
            there = there.getParent();
        }
        try {
            return there != null && Files.getFileStore(there).isReadOnly();
        } catch (IOException e) {
            return false;
        }
    }

    private StoreException unusable(String what, SQLException failure) {
        return new StoreException(Kind.UNUSABLE, "The store " + file + " " + what, failure);
    }

    /** SQLite's primary result code; the upper bits only refine it. */
    private static int code(SQLException failure) {
        return failure.getErrorCode() & 0xFF;
    }
}
