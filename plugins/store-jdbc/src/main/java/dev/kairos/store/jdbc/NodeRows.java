package dev.kairos.store.jdbc;

import dev.kairos.api.store.StoreException;
import java.sql.SQLException;

/** Membership as other faces ask for it. */
final class NodeRows {
    static final String IS_MEMBER = "SELECT 1 FROM nodes WHERE id = ?";
    /** Nobody expels the node before the transaction has ended, and then sees what it claimed. */
    private static final String HOLD = IS_MEMBER + " {postgresql FOR KEY SHARE}";

    private NodeRows() {}

    static void requireMember(Session session, String node) throws SQLException {
        require(session.sql(IS_MEMBER), node);
    }

    /** The same for a transaction that gives the node something: it stays a member until the transaction ends. */
    static void holdMembership(Session session, String node) throws SQLException {
        require(session.sql(HOLD), node);
    }

    private static void require(Sql membership, String node) throws SQLException {
        if (membership.text(node).first(Cells::count).isEmpty()) {
            throw lost(node);
        }
    }

    static StoreException lost(String node) {
        return new StoreException(
                StoreException.Kind.NODE_LOST,
                "Node " + node + " is no member of this store any more: it must stop its runs and join anew.",
                null);
    }
}
