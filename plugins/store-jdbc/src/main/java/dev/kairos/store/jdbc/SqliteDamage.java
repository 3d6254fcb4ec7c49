package dev.kairos.store.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What SQLite itself finds wrong in a file. */
final class SqliteDamage {
    /** A file that is broken in one place is often broken in thousands. */
    private static final int MOST_ANSWERS = 100;

    /** Follows from whatever should lead to that page. */
    private static final Pattern CONSEQUENCE = Pattern.compile("Page \\d+(?: is)?:? never used");

    private SqliteDamage() {}

    /**
     * Looks at every page.
     *
     * @throws SQLException if nothing can be found out
     */
    static List<String> in(Connection connection) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet answers = statement.executeQuery("PRAGMA integrity_check(" + MOST_ANSWERS + ")")) {
            while (answers.next()) {
                answers.getString(1)
                        .lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty() && !line.startsWith("***"))
                        .forEach(found::add);
            }
        } catch (SQLException e) {
            if (found.isEmpty()) {
                throw e;
            }
            return telling(found); // the look itself ended at the damage it had told of
        }
        return found.equals(List.of("ok")) ? List.of() : telling(found);
    }

    private static List<String> telling(List<String> found) {
        List<String> causes = found.stream()
                .filter(line -> !CONSEQUENCE.matcher(line).matches())
                .toList();
        return causes.isEmpty() ? found : causes;
    }
}
