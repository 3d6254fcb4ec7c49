package dev.kairos.store.jdbc;

import dev.kairos.api.store.StoreException;
import java.sql.SQLException;

/** Membership as other faces ask for it. */
final class NodeRows {
    private static final String IS_MEMBER = "SELECT 1 FROM nodes WHERE id = ?";

    private NodeRows() {}

    static void requireMember(Session session, String node) throws SQLException {
        if (session.sql(IS_MEMBER).text(node).first(Cells::count).isEmpty()) {
            throw new StoreException(
                    StoreException.Kind.NODE_LOST,
                    "Node " + node + " is no member of this store any more: it must stop its runs and join anew.",
                    null);
        }
    }
}
