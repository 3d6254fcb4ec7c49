package dev.kairos.store.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A driver's connections with somebody who is told of each step before it is made and after, and may let it fail. */
final class WatchedJdbc {
    private static final Set<String> STEPS = Set.of(
            "prepareStatement",
            "execute",
            "executeQuery",
            "executeUpdate",
            "executeBatch",
            "next",
            "commit",
            "rollback",
            "setAutoCommit");

    /** Told of each step, on the thread that makes it. */
    interface Watcher {
        void before(Step step) throws SQLException;

        void after(Step step) throws SQLException;
    }

    /**
     * A call that may reach the database.
     *
     * @param connection the driver's own
     * @param method what is called
     * @param sql the statement, or nothing
     * @param parameters the calls that set its parameters, each the method's name and its arguments
     */
    record Step(Connection connection, String method, String sql, List<Parameter> parameters) {}

    /** A call that sets a parameter. */
    record Parameter(Method method, Object[] arguments) {
        void repeatOn(PreparedStatement statement) throws SQLException {
            try {
                method.invoke(statement, arguments);
            } catch (ReflectiveOperationException e) {
                throw new SQLException(e);
            }
        }
    }

    private final Watcher watcher;

    WatchedJdbc(Watcher watcher) {
        this.watcher = watcher;
    }

    Connection watch(Connection connection) {
        return proxy(Connection.class, (proxy, method, arguments) -> {
            String sql = method.getName().equals("prepareStatement") ? (String) arguments[0] : "";
            Object answer = made(new Step(connection, method.getName(), sql, List.of()), connection, method, arguments);
            if (answer instanceof PreparedStatement) {
                return watch(connection, (Statement) answer, PreparedStatement.class, sql);
            }
            return answer instanceof Statement ? watch(connection, (Statement) answer, Statement.class, "") : answer;
        });
    }

    private <T extends Statement> T watch(Connection connection, Statement statement, Class<T> type, String prepared) {
        List<Parameter> parameters = new ArrayList<>();
        return proxy(type, (proxy, method, arguments) -> {
            boolean isParameter = method.getName().startsWith("set") && method.getDeclaringClass() == type;
            if (isParameter && !prepared.isEmpty()) {
                if (arguments[0].equals(1)) {
                    parameters.clear();
                }
                parameters.add(new Parameter(method, arguments));
            }
            String sql = arguments != null && arguments[0] instanceof String ? (String) arguments[0] : prepared;
            Step step = new Step(connection, method.getName(), sql, List.copyOf(parameters));
            Object answer = made(step, statement, method, arguments);
            return answer instanceof ResultSet ? watch(connection, (ResultSet) answer, sql) : answer;
        });
    }

    private ResultSet watch(Connection connection, ResultSet results, String sql) {
        return proxy(
                ResultSet.class,
                (proxy, method, arguments) ->
                        made(new Step(connection, method.getName(), sql, List.of()), results, method, arguments));
    }

    private Object made(Step step, Object on, Method method, Object[] arguments) throws Throwable {
        boolean isStep = STEPS.contains(step.method());
        if (isStep) {
            watcher.before(step);
        }
        Object answer;
        try {
            answer = method.invoke(on, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
        if (isStep) {
            watcher.after(step);
        }
        return answer;
    }

    static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(WatchedJdbc.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
