package dev.kairos.store.jdbc;

import dev.kairos.api.store.Changes;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Moves numbered in the order of their commits, because one transaction writes at a time: the cursor is the last number. */
final class CountedMoves implements Moves {
    private static final String SINCE = "SELECT 0, s.store_id, s.revision, s.moves FROM store s WHERE s.one = 1"
            + " UNION ALL SELECT 1, j.id, 0, 0 FROM jobs j WHERE j.moved > ?"
            + " UNION ALL SELECT 1, r.job_id, 0, 0 FROM removals r WHERE r.moved > ?";

    @Override
    public Changes since(Session session, long cursor) throws SQLException {
        Set<String> moved = new HashSet<>();
        List<Changes> store = new ArrayList<>();
        session.sql(SINCE).number(cursor).number(cursor).eachWhile(cells -> {
            boolean isStore = cells.number() == 0;
            String text = cells.text();
            if (isStore) {
                store.add(new Changes(text, cells.number(), cells.number(), Set.of()));
            } else {
                moved.add(text);
            }
            return true;
        });
        if (store.isEmpty()) {
            throw new SQLException("the table store has no row");
        }
        Changes present = store.get(0);
        return new Changes(present.storeId(), present.revision(), present.cursor(), moved);
    }
}
