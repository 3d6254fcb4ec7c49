package dev.kairos.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transaction that the application has open on a connection of its own: what is written here becomes true with the
 * application's commit, and never does with its rollback. A write that fails is undone alone. Used by the thread that has
 * the connection.
 */
final class CallersTransaction implements Transactions {
    private static final Logger LOG = LoggerFactory.getLogger("cron.store");

    private final Connection connection;
    private final Dialect dialect;
    /** Its own: a definition that is rolled back must be remembered by nobody. */
    private final Definitions definitions = new Definitions();

    private boolean isWriting;

    CallersTransaction(Connection connection, Dialect dialect) {
        this.connection = Objects.requireNonNull(connection);
        this.dialect = dialect;
        try {
            if (connection.getAutoCommit()) {
                throw new IllegalArgumentException(
                        "the connection has no transaction open: call setAutoCommit(false) before, and commit afterwards");
            }
        } catch (SQLException e) {
            throw dialect.explain(e);
        }
    }

    @Override
    public <T> T read(Work<T> work) {
        return within(work);
    }

    @Override
    public <T> T write(WriteWork<T> work) {
        return within(session -> {
            isWriting = true;
            try {
                WriteTransaction transaction =
                        new WriteTransaction(session, definitions, dialect.counters(session), true);
                T answer = work.in(transaction);
                transaction.finish();
                return answer;
            } finally {
                isWriting = false;
            }
        });
    }

    @Override
    public Definitions definitions() {
        return definitions;
    }

    private <T> T within(Work<T> work) {
        if (isWriting) {
            throw new IllegalStateException("a decision must not call the store that asks for it");
        }
        try {
            Savepoint before = connection.setSavepoint();
            Session session = new Session(connection, dialect);
            try {
                String theirs = dialect.enter(connection);
                T answer = work.on(session);
                dialect.leave(connection, theirs);
                connection.releaseSavepoint(before);
                return answer;
            } catch (SQLException | RuntimeException | Error e) {
                undo(before, e);
                throw e;
            } finally {
                session.leave();
            }
        } catch (SQLException e) {
            throw dialect.explain(e);
        }
    }

    private void undo(Savepoint before, Throwable reason) {
        try {
            connection.rollback(before);
        } catch (SQLException e) {
            LOG.debug("cron.store-savepoint lost", e);
            reason.addSuppressed(e);
        }
    }
}
