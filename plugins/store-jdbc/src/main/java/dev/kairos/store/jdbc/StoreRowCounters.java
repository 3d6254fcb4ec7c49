package dev.kairos.store.jdbc;

import java.sql.SQLException;

/**
 * The counters of a database in which one transaction writes at a time: they stand in the row of {@code store}. The first
 * statement is a write, so that nobody else's commit can come between the transaction's reads and its writes.
 */
final class StoreRowCounters implements Counters {
    private static final String LOCK = "UPDATE store SET one = 1 WHERE one = 1";
    private static final String READ = "SELECT revision, moves, numbered FROM store WHERE one = 1";
    private static final String KEEP = "UPDATE store SET revision = ?, moves = ?, numbered = ? WHERE one = 1";

    private final Session session;
    private long revision;
    private long moves;
    private long numbered;
    private boolean revised;
    private boolean moved;

    private StoreRowCounters(Session session, long revision, long moves, long numbered) {
        this.session = session;
        this.revision = revision;
        this.moves = moves;
        this.numbered = numbered;
    }

    static StoreRowCounters begin(Session session) throws SQLException {
        session.sql(LOCK).update();
        return session.sql(READ)
                .first(cells -> new StoreRowCounters(session, cells.number(), cells.number(), cells.number()))
                .orElseThrow(() -> new SQLException("the table store has no row"));
    }

    @Override
    public void alone() {
        // it is, since its first statement
    }

    @Override
    public long move() {
        if (!moved) {
            moved = true;
            moves++;
        }
        return moves;
    }

    @Override
    public long revision() {
        if (!revised) {
            revised = true;
            revision++;
        }
        return revision;
    }

    @Override
    public boolean isRevised() {
        return revised;
    }

    @Override
    public Sql numbered(Sql insert) throws SQLException {
        return insert.number(++numbered);
    }

    @Override
    public long settled() {
        return Long.MAX_VALUE;
    }

    @Override
    public boolean hasMoved() {
        return false;
    }

    @Override
    public void announce() {
        // nobody listens: who waits on a file looks again
    }

    @Override
    public void keep() throws SQLException {
        session.sql(KEEP).number(revision).number(moves).number(numbered).update();
    }
}
