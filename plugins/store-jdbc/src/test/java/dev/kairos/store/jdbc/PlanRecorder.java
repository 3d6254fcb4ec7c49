package dev.kairos.store.jdbc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks the database how it is about to do each statement that a store makes, with the values it is made with and, on a
 * server, without them too, as is planned for a statement that was made often; keeps what walks through a whole table.
 */
final class PlanRecorder implements WatchedJdbc.Watcher {
    private static final Set<String> MADE = Set.of("execute", "executeQuery", "executeUpdate", "executeBatch");
    private static final Pattern PLANNED = Pattern.compile("^(SELECT|INSERT|UPDATE|DELETE|WITH) .*", Pattern.DOTALL);
    private static final int TIMES = 3;

    /** Tables that grow; of removals some 10,000 are remembered, of nodes and facts there are few. */
    private static final String GROWING = "(jobs|executions|envelopes|definitions|outputs|output_files)";

    private static final Pattern SERVER_WALK = Pattern.compile("Seq Scan on " + GROWING + "\\b");
    private static final Pattern INDEX_WALK =
            Pattern.compile("Index (Only )?Scan (Backward )?using (\\w+) on " + GROWING);
    /** Indexes of what is open or waits, which is little. */
    private static final Set<String> SMALL = Set.of(
            "executions_open",
            "executions_waiting",
            "executions_spare",
            "envelopes_waiting",
            "envelopes_in_hand",
            "definitions_past");

    private static final Pattern FILE_WALK = Pattern.compile("SCAN (\\w+)(?! CONSTANT)(?!.*USING)");
    private static final Set<String> FEW =
            Set.of("s", "store", "nodes", "facts", "p", "CONSTANT", "m", "2", "3", "a", "c");

    private final Map<String, Integer> seen = new HashMap<>();
    private final Map<String, List<List<String>>> walks = new TreeMap<>();
    private volatile String server = "";

    /** Where to ask how a statement is planned whose values are not known. */
    void server(String url) {
        server = url;
    }

    /** How many different statements were made. */
    int statements() {
        return seen.size();
    }

    /** The statements that walk through a whole table, with the plans that do. */
    Map<String, List<List<String>>> walks() {
        return walks;
    }

    @Override
    public synchronized void before(WatchedJdbc.Step step) throws SQLException {
        String sql = step.sql();
        if (!MADE.contains(step.method())
                || !PLANNED.matcher(sql).matches()
                || seen.merge(sql, 1, Integer::sum) > TIMES) {
            return;
        }
        boolean onServer = step.connection().getMetaData().getURL().startsWith("jdbc:postgresql");
        if (!onServer) {
            note(sql, plan(step, "EXPLAIN QUERY PLAN ", "detail"), PlanRecorder::walksInFile);
            return;
        }
        note(sql, plan(step, "EXPLAIN ", "QUERY PLAN"), PlanRecorder::walksOnServer);
        note(sql, generic(step), PlanRecorder::walksOnServer);
    }

    @Override
    public void after(WatchedJdbc.Step step) {
        // the plan is made before
    }

    private interface Judge {
        boolean walks(List<String> plan);
    }

    private void note(String sql, List<String> plan, Judge judge) {
        if (judge.walks(plan)) {
            walks.computeIfAbsent(sql, text -> new ArrayList<>()).add(plan);
        }
    }

    private static List<String> plan(WatchedJdbc.Step step, String explain, String column) throws SQLException {
        try (PreparedStatement statement = step.connection().prepareStatement(explain + step.sql())) {
            for (WatchedJdbc.Parameter parameter : step.parameters()) {
                parameter.repeatOn(statement);
            }
            try (ResultSet results = statement.executeQuery()) {
                return lines(results, column);
            }
        }
    }

    private List<String> generic(WatchedJdbc.Step step) throws SQLException {
        StringBuilder numbered = new StringBuilder("EXPLAIN (GENERIC_PLAN) ");
        int number = 0;
        for (char letter : step.sql().toCharArray()) {
            numbered.append(letter == '?' ? "$" + ++number + type(step.parameters(), number) : String.valueOf(letter));
        }
        try (Connection connection = DriverManager.getConnection(server + "&preferQueryMode=simple");
                Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery(numbered.toString())) {
            return lines(results, "QUERY PLAN");
        }
    }

    private static String type(List<WatchedJdbc.Parameter> parameters, int number) {
        for (WatchedJdbc.Parameter parameter : parameters) {
            if (parameter.arguments()[0].equals(number)) {
                String setter = parameter.method().getName();
                return setter.equals("setLong") ? "::bigint" : setter.equals("setString") ? "::text" : "";
            }
        }
        return "";
    }

    private static List<String> lines(ResultSet results, String column) throws SQLException {
        List<String> lines = new ArrayList<>();
        while (results.next()) {
            lines.add(results.getString(column));
        }
        return lines;
    }

    private static boolean walksInFile(List<String> plan) {
        return plan.stream().anyMatch(line -> {
            Matcher walk = FILE_WALK.matcher(line);
            return walk.find()
                    && !FEW.contains(walk.group(1))
                    && !plan.contains("CO-ROUTINE " + walk.group(1)) // a page
                    && !line.endsWith("ROW VALUES CLAUSE");
        });
    }

    private static boolean walksOnServer(List<String> plan) {
        for (int i = 0; i < plan.size(); i++) {
            if (SERVER_WALK.matcher(plan.get(i)).find()) {
                return true;
            }
            Matcher index = INDEX_WALK.matcher(plan.get(i));
            if (index.find() && !SMALL.contains(index.group(3)) && !isLimited(plan, i) && !isBounded(plan, i)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the scan of a line ends early. What is merged or hashed with something else is read from its beginning. */
    private static boolean isLimited(List<String> plan, int at) {
        boolean isWhole = plan.stream().anyMatch(line -> line.contains("Merge Join") || line.contains("Hash"));
        boolean isBelow = at > 0 && plan.get(at - 1).contains("->  Limit ");
        return isBelow || plan.get(0).startsWith("Limit") && !isWhole;
    }

    /** Whether the scan of a line has a condition on its index. */
    private static boolean isBounded(List<String> plan, int at) {
        return at + 1 < plan.size() && plan.get(at + 1).contains("Index Cond:");
    }
}
