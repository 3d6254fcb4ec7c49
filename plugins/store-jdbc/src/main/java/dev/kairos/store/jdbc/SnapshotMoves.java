package dev.kairos.store.jdbc;

import dev.kairos.api.store.Changes;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Moves numbered by their transactions, which commit in another order. An answer looks at what was written by whatever was
 * running when the cursor was given, and since then: somebody else's transaction that runs for hours makes nobody hear of
 * a move twice, nor read again what was told. Thread-safe.
 */
final class SnapshotMoves implements Moves {
    /** The cursor has the oldest running transaction in its upper bits and tells answers of one such apart in its lower. */
    private static final int SHIFT = 12;

    private static final int MOST_KNOWN = 1 << SHIFT;

    private static final String STORE = "SELECT s.store_id, s.revision, pg_snapshot_xmin(now)::text::bigint,"
            + " now::text FROM store s, pg_current_snapshot() now WHERE s.one = 1";
    private static final String SINCE = "SELECT j.id, j.moved FROM jobs j WHERE j.moved >= ?"
            + " UNION ALL SELECT r.job_id, r.moved FROM removals r WHERE r.moved >= ?";
    private static final String THOSE = " = ANY (string_to_array(?, ',')::bigint[])";
    /** What a snapshot did not see: whatever began after it, and what was running then. */
    private static final String UNSEEN = SINCE + " UNION ALL SELECT j.id, j.moved FROM jobs j WHERE j.moved" + THOSE
            + " UNION ALL SELECT r.job_id, r.moved FROM removals r WHERE r.moved" + THOSE;

    /** What was visible when a cursor was given. */
    private final Map<Long, String> snapshots = new LinkedHashMap<>();

    private long given;
    private String last = "";
    private long lastCursor;

    /** The store's row is read first: what is committed between the two statements is named now and once more. */
    @Override
    public Changes since(Session session, long cursor) throws SQLException {
        Changes store = session.sql(STORE)
                .first(cells ->
                        new Changes(cells.text(), cells.number(), cursor(cells.number(), cells.text()), Set.of()))
                .orElseThrow(() -> new SQLException("the table store has no row"));
        return new Changes(store.storeId(), store.revision(), store.cursor(), moved(session, cursor));
    }

    /** @param snapshot as the server writes it: the oldest running, the next to begin, those running in between */
    private static Set<String> moved(Session session, String snapshot) throws SQLException {
        String[] words = snapshot.split(":", -1);
        long next = Long.parseLong(words[1]);
        String running = words[2];
        return new HashSet<>(session.sql(UNSEEN)
                .number(next)
                .number(next)
                .text(running)
                .text(running)
                .list(Cells::text));
    }

    private Set<String> moved(Session session, long cursor) throws SQLException {
        String snapshot;
        synchronized (snapshots) {
            snapshot = snapshots.get(cursor);
        }
        if (snapshot != null) {
            return moved(session, snapshot);
        }
        long oldest = cursor == Long.MAX_VALUE ? cursor : cursor >> SHIFT;
        return new HashSet<>(session.sql(SINCE).number(oldest).number(oldest).list(Cells::text));
    }

    /** Nothing else was running: whatever is not visible comes later, and the number alone says so. */
    private static boolean isPlain(String snapshot) {
        return snapshot.endsWith(":");
    }

    private long cursor(long oldestRunning, String snapshot) {
        if (isPlain(snapshot)) {
            return oldestRunning << SHIFT;
        }
        synchronized (snapshots) {
            if (!snapshot.equals(last)) {
                last = snapshot;
                lastCursor = (oldestRunning << SHIFT) | (1 + given++ % (MOST_KNOWN - 1));
                snapshots.put(lastCursor, snapshot);
                if (snapshots.size() > MOST_KNOWN) {
                    snapshots.remove(snapshots.keySet().iterator().next());
                }
            }
            return lastCursor;
        }
    }
}
