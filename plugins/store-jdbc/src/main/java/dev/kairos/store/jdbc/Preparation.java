package dev.kairos.store.jdbc;

import dev.kairos.api.job.JobDefinition;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Walks once, in memory, through what opening a SQLite store and reading a job of it loads. */
final class Preparation {
    private static final String DEFINITION = """
            {"name":"a","prompt":"b","deliver":"local","created_at":"2027-01-15T09:00:00Z",\
            "schedule":{"kind":"cron","expr":"0 9 * * *","display":"0 9 * * *"}}""";

    private Preparation() {}

    @SuppressWarnings("EmptyCatch") // the store that is opened next fails in the same way, and says what to do
    static void run() {
        try (Connection connection = SqliteDialect.inMemory("preparation").connect();
                PreparedStatement statement = connection.prepareStatement("SELECT ?")) {
            statement.setString(1, DEFINITION);
            try (ResultSet rows = statement.executeQuery()) {
                if (rows.next()) {
                    JobDefinition.fromStore(JsonTree.object(rows.getString(1)));
                }
            }
        } catch (SQLException | RuntimeException | LinkageError e) {
            // nothing to tell yet
        }
    }
}
