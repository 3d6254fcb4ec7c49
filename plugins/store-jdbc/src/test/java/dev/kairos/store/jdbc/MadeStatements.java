package dev.kairos.store.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Keeps the text of each statement that is made. */
final class MadeStatements implements WatchedJdbc.Watcher {
    private static final Set<String> CALLS = Set.of("execute", "executeQuery", "executeUpdate", "executeBatch");
    private final List<String> statements = new ArrayList<>();

    @Override
    public synchronized void before(WatchedJdbc.Step step) {
        if (CALLS.contains(step.method())) {
            statements.add(step.sql());
        }
    }

    @Override
    public void after(WatchedJdbc.Step step) {
        // it is counted before
    }

    /** Those of the call. */
    synchronized List<String> ofOnly(Runnable call) {
        statements.clear();
        call.run();
        return List.copyOf(statements);
    }

    /** Those of the second of two same calls: the first opens connections. */
    List<String> of(Runnable call) {
        call.run();
        return ofOnly(call);
    }
}
