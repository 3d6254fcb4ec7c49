package dev.kairos.store.jdbc;

import dev.kairos.api.store.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Lets one step of the arming thread fail, the n-th; counts the steps and the commits that became true. */
final class StatementFault implements WatchedJdbc.Watcher {
    /** How the step fails, and what the store is to make of it: no kind where it gets over it by itself. */
    enum Way {
        /** It gives way to another transaction. */
        BUSY("40001", SQLiteErrorCode.SQLITE_BUSY, null, null),
        /** Somebody took the key in between. */
        CLASH("23505", null, null, null),
        /** It took too long, or the disk could not be read. */
        REFUSED("57014", SQLiteErrorCode.SQLITE_IOERR, StoreException.Kind.TRANSIENT, StoreException.Kind.UNUSABLE),
        /** The disk is full. */
        FULL("53100", SQLiteErrorCode.SQLITE_FULL, StoreException.Kind.FULL, StoreException.Kind.FULL),
        /** The connection is lost before the step reaches the database. */
        CUT_BEFORE("08006", SQLiteErrorCode.SQLITE_IOERR, StoreException.Kind.TRANSIENT, StoreException.Kind.UNUSABLE),
        /** The step is made, and the connection lost with its answer. */
        CUT_AFTER("08006", SQLiteErrorCode.SQLITE_IOERR, StoreException.Kind.TRANSIENT, StoreException.Kind.UNUSABLE);

        private final String state;
        private final SQLiteErrorCode code;
        private final StoreException.Kind onServer;
        private final StoreException.Kind onFile;

        Way(String state, SQLiteErrorCode code, StoreException.Kind onServer, StoreException.Kind onFile) {
            this.state = state;
            this.code = code;
            this.onServer = onServer;
            this.onFile = onFile;
        }

        boolean happensOn(String url) {
            return isServer(url) || code != null;
        }

        Optional<StoreException.Kind> kind(String url) {
            return Optional.ofNullable(isServer(url) ? onServer : onFile);
        }

        private SQLException failure(boolean onServer) {
            return onServer
                    ? new SQLException("injected " + this, state)
                    : new SQLiteException("injected " + this, code);
        }

        private boolean cuts() {
            return this == CUT_BEFORE || this == CUT_AFTER;
        }
    }

    private Way way = Way.BUSY;
    private Thread thread;
    private int at;
    private int steps;
    private int commits;
    private String failed = "";
    private Runnable onCommit = () -> {};

    private static boolean isServer(String url) {
        return url.startsWith("jdbc:postgresql");
    }

    /** Counts from now on, and lets the step with the number fail; none has the number 0. */
    void arm(Way how, int number) {
        way = how;
        at = number;
        steps = 0;
        commits = 0;
        failed = "";
        thread = Thread.currentThread();
    }

    void disarm() {
        thread = null;
        onCommit = () -> {};
    }

    /** Calls back behind each commit of an armed thread. */
    void onCommit(Runnable hook) {
        onCommit = hook;
    }

    /** The step that failed; empty while none has. */
    String failed() {
        return failed;
    }

    int steps() {
        return steps;
    }

    /** How many commits became true, one whose answer was lost among them. */
    int commits() {
        return commits;
    }

    @Override
    public void before(WatchedJdbc.Step step) throws SQLException {
        if (Thread.currentThread() == thread && reaches(step) && ++steps == at && way != Way.CUT_AFTER) {
            fail(step);
        }
    }

    /** A server prepares and reads all rows when it is asked the first time; a file each time. */
    private static boolean reaches(WatchedJdbc.Step step) throws SQLException {
        boolean isLocal =
                step.method().equals("prepareStatement") || step.method().equals("next");
        return !isLocal || !isServer(step.connection().getMetaData().getURL());
    }

    @Override
    public void after(WatchedJdbc.Step step) throws SQLException {
        if (Thread.currentThread() != thread) {
            return;
        }
        if (step.method().equals("commit")) {
            commits++;
            onCommit.run();
        }
        if (steps == at && failed.isEmpty() && reaches(step) && way == Way.CUT_AFTER) {
            fail(step);
        }
    }

    private void fail(WatchedJdbc.Step step) throws SQLException {
        failed = step.method() + " " + step.sql();
        Connection connection = step.connection();
        boolean onServer = isServer(connection.getMetaData().getURL());
        if (way.cuts() && onServer) {
            connection.abort(Runnable::run);
        } else if (way.cuts()) {
            connection.close();
        } else if (step.method().equals("commit") && onServer) {
            connection.rollback(); // what a server does with a commit that it refuses
        }
        throw way.failure(onServer);
    }
}
