package dev.kairos.store.jdbc;

import java.sql.SQLException;
import java.util.Optional;

/**
 * Where a store on PostgreSQL is. The store's own id is in every copy of it; the database's number is not in a dump that was
 * read into another database, nor the server's identifier in one that was read into another server, and a server that was
 * copied with all its files is reached by another address.
 */
final class PostgresPlace {
    private static final String DATABASE = "SELECT s.store_id, d.oid,"
            + " coalesce(has_function_privilege(to_regprocedure('pg_control_system()'), 'execute'), false)::int"
            + " FROM store s, pg_database d WHERE d.datname = current_database()";
    private static final String SERVER = "SELECT system_identifier FROM pg_control_system()";

    private PostgresPlace() {}

    static Optional<String> of(Session session, PostgresUrl url) throws SQLException {
        Optional<Where> found =
                session.sql(DATABASE).first(cells -> new Where(cells.text(), cells.number(), cells.count() == 1));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Where where = found.get();
        // an operator may keep it from ordinary users; the address then has to do, which two servers never share at a
        // time
        String server =
                where.tellsItsServer ? session.sql(SERVER).first(Cells::text).orElse("") : "";
        return Optional.of(PlaceDigest.of(
                "postgresql", url.servers(), server, Long.toString(where.oid), url.schema(), where.storeId));
    }

    private record Where(String storeId, long oid, boolean tellsItsServer) {}
}
