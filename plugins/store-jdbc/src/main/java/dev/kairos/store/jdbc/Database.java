package dev.kairos.store.jdbc;

import dev.kairos.api.env.Environment;
import dev.kairos.api.store.StoreException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One writing connection behind a fair lock and a few reading ones, each opened when it is first needed. A transaction
 * that the database calls busy is repeated within a bound.
 */
final class Database implements AutoCloseable {
    /** Work on a session. */
    interface Work<T> {
        T on(Session session) throws SQLException;
    }

    /** Work inside a write transaction. */
    interface WriteWork<T> {
        T in(WriteTransaction transaction) throws SQLException;
    }

    private static final Logger LOG = LoggerFactory.getLogger("cron.store");
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final int MOST_READERS = 4;

    private final Dialect dialect;
    private final Environment environment;
    private final Definitions definitions = new Definitions();
    private final ReentrantLock writing = new ReentrantLock(true);
    private final Semaphore readerPlaces = new Semaphore(MOST_READERS, true);
    private final Object idleLock = new Object();
    private final Deque<Session> idle = new ArrayDeque<>();
    private @Nullable Session writer;
    private volatile boolean closed;

    /** Opens the first connection and brings the tables up to date. */
    Database(Dialect dialect, Environment environment) {
        this.dialect = dialect;
        this.environment = environment;
        // Drawn only for a new store: the source of chance may be slow to wake up.
        Supplier<String> storeId =
                () -> HexFormat.of().toHexDigits(environment.random().nextLong());
        Session first = repeated(() -> {
            Session session = new Session(dialect.connect());
            try {
                dialect.migrate(session.connection(), storeId);
                return session;
            } catch (SQLException | RuntimeException e) {
                quietly(session);
                throw e;
            }
        });
        idle.push(first);
    }

    Definitions definitions() {
        return definitions;
    }

    /** Reads from one snapshot per statement, beside any writer. */
    <T> T read(Work<T> work) {
        requireOutside();
        readerPlaces.acquireUninterruptibly();
        try {
            return repeated(() -> {
                Session session = borrow();
                try {
                    T answer = work.on(session);
                    giveBack(session);
                    return answer;
                } catch (SQLException | RuntimeException e) {
                    quietly(session);
                    throw e;
                }
            });
        } finally {
            readerPlaces.release();
        }
    }

    /** Runs the work in a transaction of its own; whatever it throws undoes it. */
    <T> T write(WriteWork<T> work) {
        requireOutside();
        writing.lock();
        try {
            return repeated(() -> transact(work));
        } finally {
            writing.unlock();
        }
    }

    private <T> T transact(WriteWork<T> work) throws SQLException {
        requireOpen();
        Session session = writer;
        if (session == null) {
            session = new Session(dialect.connect());
            session.connection().setAutoCommit(false);
            writer = session;
        }
        WriteTransaction transaction = null;
        try {
            transaction = WriteTransaction.begin(session, definitions);
            T answer = work.in(transaction);
            transaction.commit();
            return answer;
        } catch (SQLException | RuntimeException | Error e) {
            if (transaction != null) {
                transaction.forgetDefinitions();
            }
            if (e instanceof SQLException failure && !dialect.isBusy(failure)) {
                discardWriter(session); // which undoes it; a driver may have closed statements of ours
            } else {
                rollBack(session);
            }
            throw e;
        }
    }

    private void rollBack(Session session) {
        try {
            session.forgetBatches();
            session.connection().rollback();
        } catch (SQLException e) {
            LOG.debug("store.rollback failed; the connection is opened anew", e);
            discardWriter(session);
        }
    }

    private void discardWriter(Session session) {
        quietly(session);
        writer = null;
    }

    private interface Attempt<T> {
        T make() throws SQLException;
    }

    private <T> T repeated(Attempt<T> attempt) {
        Duration begun = environment.uptime();
        while (true) {
            try {
                return attempt.make();
            } catch (SQLException e) {
                boolean inTime = environment.uptime().minus(begun).compareTo(LONGEST_WAIT) < 0;
                if (!inTime || !dialect.isBusy(e) || !pause()) {
                    throw dialect.explain(e);
                }
            }
        }
    }

    private boolean pause() {
        try {
            environment.sleep(PAUSE);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Session borrow() throws SQLException {
        requireOpen();
        synchronized (idleLock) {
            Session session = idle.poll();
            if (session != null) {
                return session;
            }
        }
        return new Session(dialect.connect());
    }

    private void giveBack(Session session) {
        synchronized (idleLock) {
            if (!closed) {
                idle.push(session);
                return;
            }
        }
        quietly(session);
    }

    private void requireOutside() {
        if (writing.isHeldByCurrentThread()) {
            throw new IllegalStateException("a decision must not call the store that asks for it");
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new StoreException(StoreException.Kind.UNUSABLE, "The store was closed: open it anew.", null);
        }
    }

    private static void quietly(Session session) {
        try {
            session.close();
        } catch (SQLException e) {
            LOG.debug("store.close failed", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        synchronized (idleLock) {
            idle.forEach(Database::quietly);
            idle.clear();
        }
        writing.lock();
        try {
            if (writer != null) {
                quietly(writer);
                writer = null;
            }
        } finally {
            writing.unlock();
        }
    }
}
