package dev.kairos.store.jdbc;

import dev.kairos.api.store.JobStore;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A real store over a driver whose steps are watched, beneath the pool; says what it has borrowed from that. */
final class WatchedStore {
    private final WatchedJdbc jdbc;
    private final String url;
    private final Dialect dialect;
    private final AtomicInteger borrowed = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();

    private WatchedStore(String url, WatchedJdbc.Watcher watcher, boolean isPostgres) {
        this.url = url;
        this.jdbc = new WatchedJdbc(watcher);
        Dialect real = isPostgres ? postgres() : new SqliteDialect(Path.of(url.substring("jdbc:sqlite:".length())));
        this.dialect = WatchedJdbc.proxy(Dialect.class, (proxy, method, arguments) -> {
            try {
                Object answer = method.invoke(real, arguments);
                closed.compareAndSet(false, method.getName().equals("close"));
                if (!method.getName().equals("connect")) {
                    return answer;
                }
                return counted(isPostgres ? (Connection) answer : jdbc.watch((Connection) answer));
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }

    static WatchedStore sqlite(Path file, WatchedJdbc.Watcher watcher) {
        return new WatchedStore("jdbc:sqlite:" + file, watcher, false);
    }

    static WatchedStore postgres(String url, WatchedJdbc.Watcher watcher) {
        return new WatchedStore(url, watcher, true);
    }

    private Dialect postgres() {
        return new PostgresDialect(
                PostgresUrl.of(url),
                config -> {
                    Properties properties = new Properties();
                    properties.putAll(config.getDataSourceProperties());
                    String address = config.getJdbcUrl();
                    config.setDataSource(WatchedJdbc.proxy(DataSource.class, (proxy, method, arguments) -> {
                        if (method.getName().equals("getConnection")) {
                            return jdbc.watch(DriverManager.getConnection(address, properties));
                        }
                        return method.getReturnType() == int.class ? 0 : null; // its time-out, its log
                    }));
                },
                new Migrations("postgresql"));
    }

    private Connection counted(Connection connection) {
        borrowed.incrementAndGet();
        AtomicBoolean isBack = new AtomicBoolean();
        return WatchedJdbc.proxy(Connection.class, (proxy, method, arguments) -> {
            if (method.getName().equals("close") && !isBack.getAndSet(true)) {
                borrowed.decrementAndGet();
            }
            try {
                return method.invoke(connection, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }

    String url() {
        return url;
    }

    /** How many connections the store has taken and not given back. */
    int borrowed() {
        return borrowed.get();
    }

    /** Whether the store has closed what keeps connections. */
    boolean isClosed() {
        return closed.get();
    }

    JobStore make() {
        return new JdbcStore(dialect, new RealTime());
    }
}
