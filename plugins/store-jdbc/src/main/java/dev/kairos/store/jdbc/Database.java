package dev.kairos.store.jdbc;

import dev.kairos.api.env.Environment;
import dev.kairos.api.store.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of a store: as many writing ones as its dialect allows, a few reading ones, each opened when it is first
 * needed. A transaction that the database calls busy is repeated within a bound.
 */
final class Database implements Transactions, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("cron.store");
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
    /** How long a place is waited for that others of this process have: their own waits are shorter. */
    private static final Duration LONGEST_TURN = Duration.ofSeconds(20);

    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final int MOST_READERS = 4;

    private final Dialect dialect;
    private final Environment environment;
    private final Definitions definitions = new Definitions();
    private final Places readers;
    private final Places writers;
    private final Places apart;
    private final ThreadLocal<Boolean> writing = new ThreadLocal<>();
    private volatile boolean closed;

    /** Opens the first connection and brings the tables up to date where that is allowed. */
    Database(Dialect dialect, TableWork work) {
        this.dialect = dialect;
        this.environment = work.environment();
        this.readers = new Places(MOST_READERS, dialect.keepsConnections(), dialect::connect);
        this.writers = new Places(dialect.writers(), dialect.keepsConnections(), dialect::connect);
        this.apart = dialect.writers() > 1 ? new Places(1, true, dialect::connectApart) : writers;
        readers.giveBack(first(work));
    }

    private Session first(TableWork work) {
        try {
            return repeated(hasClashed -> migrated(work));
        } catch (RuntimeException | Error e) {
            dialect.close(); // nobody else will: there is no store
            throw e;
        }
    }

    private Session migrated(TableWork work) throws SQLException {
        Session session = new Session(dialect.connect(), dialect);
        try {
            dialect.migrate(session.connection(), work);
            return session;
        } catch (SQLException | RuntimeException e) {
            quietly(session);
            throw e;
        }
    }

    @Override
    public Definitions definitions() {
        return definitions;
    }

    @Override
    public <T> T read(Work<T> work) {
        requireOutside();
        return readers.use((session, hasClashed) -> work.on(session));
    }

    @Override
    public <T> T readApart(Work<T> work) {
        requireOutside();
        return apart.use((session, hasClashed) -> work.on(session));
    }

    /** The transaction is one of its own. */
    @Override
    public <T> T write(WriteWork<T> work) {
        return write(writers, work);
    }

    @Override
    public <T> T writeApart(WriteWork<T> work) {
        return write(apart, work);
    }

    private <T> T write(Places places, WriteWork<T> work) {
        requireOutside();
        writing.set(true);
        try {
            return places.use((session, hasClashed) -> transact(session, work, hasClashed));
        } finally {
            writing.remove();
        }
    }

    private <T> T transact(Session session, WriteWork<T> work, boolean hasClashed) throws SQLException {
        session.connection().setAutoCommit(false);
        WriteTransaction transaction = null;
        try {
            transaction = new WriteTransaction(session, definitions, dialect.counters(session), hasClashed);
            T answer = work.in(transaction);
            transaction.commit();
            return answer;
        } catch (SQLException | RuntimeException | Error e) {
            if (transaction != null) {
                transaction.forgetDefinitions();
            }
            throw e;
        }
    }

    /** Places for connections of one use, each opened when it is first needed. */
    private final class Places {
        private final int most;
        private final boolean isKeeping;
        private final Opening opening;
        private final Semaphore free;
        private final Deque<Session> idle = new ArrayDeque<>();

        /** @param isKeeping whether a connection is kept from one use to the next */
        Places(int most, boolean isKeeping, Opening opening) {
            this.most = most;
            this.isKeeping = isKeeping;
            this.opening = opening;
            this.free = new Semaphore(most, true);
        }

        <T> T use(Use<T> work) {
            if (!take(1, LONGEST_TURN)) {
                throw new StoreException(
                        StoreException.Kind.TRANSIENT,
                        "The store's connections of this process were all at work for " + LONGEST_TURN.toSeconds()
                                + " s: try again. If it stays so, the disk or the server is too slow, or one"
                                + " transaction of this process writes too much.",
                        null);
            }
            try {
                return repeated(hasClashed -> {
                    Session session = borrow();
                    T answer;
                    try {
                        answer = work.on(session, hasClashed);
                    } catch (SQLException | RuntimeException | Error e) {
                        undo(session, e);
                        throw e;
                    }
                    giveBack(session);
                    return answer;
                });
            } finally {
                free.release();
            }
        }

        private Session borrow() throws SQLException {
            requireOpen();
            dialect.requireSame();
            Session kept = poll();
            if (kept != null && dialect.isAlive(kept.connection())) {
                return kept;
            }
            if (kept != null) {
                LOG.debug("cron.store-connection fell silent; it is opened anew");
                quietly(kept);
            }
            return new Session(opening.connection(), dialect);
        }

        private @Nullable Session poll() {
            synchronized (idle) {
                return idle.poll();
            }
        }

        /** A connection on which the database itself failed is not used again: a driver may have closed statements of ours. */
        private void undo(Session session, Throwable reason) {
            boolean isSound =
                    !(reason instanceof SQLException failure) || dialect.isBusy(failure) || dialect.isClash(failure);
            try {
                if (isSound) {
                    session.forgetBatches();
                    if (!session.connection().getAutoCommit()) {
                        session.connection().rollback();
                    }
                    giveBack(session);
                    return;
                }
            } catch (SQLException e) {
                LOG.debug("cron.store-rollback failed; the connection is opened anew", e);
            }
            quietly(session);
        }

        private void giveBack(Session session) {
            if (isKeeping) {
                synchronized (idle) {
                    if (!closed) {
                        idle.push(session);
                        return;
                    }
                }
            }
            quietly(session);
        }

        /** Waits until nobody uses one, or for as long as any use should take. */
        void awaitIdle() {
            if (take(most, LONGEST_WAIT)) {
                free.release(most);
            } else {
                LOG.warn("cron.store-close does not wait any longer for what is still asked of the database");
            }
        }

        /** An interrupt is for whoever asks for the work: it neither ends the wait nor is lost. */
        private boolean take(int places, Duration atMost) {
            boolean wasInterrupted = false;
            try {
                while (true) {
                    try {
                        return free.tryAcquire(places, atMost.toMillis(), TimeUnit.MILLISECONDS);
                    } catch (InterruptedException e) {
                        wasInterrupted = true;
                    }
                }
            } finally {
                if (wasInterrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        /** Closes what is idle; what is in use closes itself when it is given back. */
        void close() {
            synchronized (idle) {
                idle.forEach(Database::quietly);
                idle.clear();
            }
        }
    }

    private interface Opening {
        Connection connection() throws SQLException;
    }

    private interface Attempt<T> {
        T make(boolean hasClashed) throws SQLException;
    }

    private interface Use<T> {
        T on(Session session, boolean hasClashed) throws SQLException;
    }

    private <T> T repeated(Attempt<T> attempt) {
        Duration begun = environment.uptime();
        boolean hasClashed = false;
        while (true) {
            try {
                return attempt.make(hasClashed);
            } catch (SQLException e) {
                if (!hasClashed && dialect.isClash(e)) {
                    hasClashed = true; // the second look sees what the other wrote
                    continue;
                }
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

    private void requireOutside() {
        if (writing.get() != null) {
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
            LOG.debug("cron.store-close failed", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        readers.close();
        for (Places places : List.of(writers, apart)) {
            places.awaitIdle();
            places.close();
        }
        dialect.close();
    }
}
