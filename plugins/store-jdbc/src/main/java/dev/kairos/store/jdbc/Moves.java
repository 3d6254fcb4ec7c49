package dev.kairos.store.jdbc;

import dev.kairos.api.store.Changes;
import java.sql.SQLException;

/** Finds the jobs that moved since a cursor, at a cost that follows them. */
interface Moves {
    Changes since(Session session, long cursor) throws SQLException;
}
