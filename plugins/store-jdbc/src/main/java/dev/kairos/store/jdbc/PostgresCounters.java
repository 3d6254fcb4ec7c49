package dev.kairos.store.jdbc;

import java.sql.SQLException;

/**
 * The counters of a database in which transactions write side by side. A job's move is numbered by the transaction's own
 * number: whoever asks for changes looks again at all that were still running when it looked last. Only what changes
 * definitions, facts or the ledger's bounds meets at one row.
 */
final class PostgresCounters implements Counters {
    private static final String LOCK = "UPDATE store SET one = 1 WHERE one = 1";
    private static final String REVISE = "UPDATE store SET revision = revision + 1 WHERE one = 1 RETURNING revision";
    private static final String TRANSACTION = "SELECT pg_current_xact_id()::text::bigint";
    private static final String LAST = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM executions_seq_seq";
    private static final String RUNNING =
            "SELECT pg_snapshot_xmin(now)::text::bigint, pg_snapshot_xmax(now)::text::bigint,"
                    + " settled_seq, settled_xid FROM store, pg_current_snapshot() now WHERE one = 1";
    private static final String NOTIFY = "SELECT pg_notify(? || current_schema(), '')";
    private static final String SETTLE = "UPDATE store SET settled_seq = ?, settled_xid = ? WHERE one = 1";

    private final Session session;
    private boolean alone;
    private boolean announced;
    private boolean hasSettled;
    private long transaction;
    private long revision;

    PostgresCounters(Session session) {
        this.session = session;
    }

    @Override
    public void alone() throws SQLException {
        if (!alone) {
            session.sql(LOCK).update();
            alone = true;
        }
    }

    @Override
    public long move() throws SQLException {
        if (transaction == 0) {
            transaction = session.sql(TRANSACTION).first(Cells::number).orElseThrow();
        }
        return transaction;
    }

    @Override
    public long revision() throws SQLException {
        if (revision == 0) {
            revision = session.sql(REVISE)
                    .first(Cells::number)
                    .orElseThrow(() -> new SQLException("the table store has no row"));
            alone = true;
        }
        return revision;
    }

    @Override
    public boolean isRevised() {
        return revision != 0;
    }

    /** The transaction has its number before the execution has, or {@link #settled} could not know of it. */
    @Override
    public Sql numbered(Sql insert) throws SQLException {
        move();
        return insert.begin();
    }

    /**
     * Numbers are given in one order and committed in another. All that were given are settled when no transaction is
     * running; else those are that were given when this was last asked, once every transaction of then has ended.
     */
    @Override
    public long settled() throws SQLException {
        long given = session.sql(LAST).first(Cells::number).orElse(0L);
        long[] seen = session.sql(RUNNING) // sees later than the statement before
                .first(cells -> new long[] {cells.number(), cells.number(), cells.number(), cells.number()})
                .orElseThrow(() -> new SQLException("the table store has no row"));
        long oldestRunning = seen[0];
        long next = seen[1];
        if (oldestRunning >= next) {
            return given;
        }
        if (oldestRunning < seen[3]) {
            return 0;
        }
        session.sql(SETTLE).number(given).number(next).update();
        hasSettled = true;
        return seen[2];
    }

    @Override
    public boolean hasMoved() {
        return hasSettled;
    }

    @Override
    public void announce() {
        announced = true;
    }

    /** The numbers were written when they were given. */
    @Override
    public void keep() throws SQLException {
        if (announced) {
            session.sql(NOTIFY).text(PostgresNews.CHANNEL).first(cells -> true);
        }
    }
}
