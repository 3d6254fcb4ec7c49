package dev.kairos.store.jdbc;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import java.util.Set;

/** Tells the pool of connections that are of no more use although their failure is none that it knows. */
final class SpentConnections implements SQLExceptionOverride {
    /** The server was made a standby in its place, or ended the session: too long idle, in a transaction or at all. */
    private static final Set<String> SPENT = Set.of("25006", "25P03", "25P04", "57P05");

    @java.lang.Override // the pool's enum has that name too
    public Override adjudicate(SQLException failure) {
        return failure.getSQLState() != null && SPENT.contains(failure.getSQLState())
                ? Override.MUST_EVICT
                : Override.CONTINUE_EVICT;
    }
}
