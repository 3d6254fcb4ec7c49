package dev.kairos.store.jdbc;

import dev.kairos.api.env.Environment;
import dev.kairos.api.store.Claims;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.Jobs;
import dev.kairos.api.store.Ledger;
import dev.kairos.api.store.Nodes;
import dev.kairos.api.store.Outbox;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The store on a SQL database: one body of statements, the differences in a {@link Dialect}. */
final class JdbcStore implements JobStore {
    private final Dialect dialect;
    private final Environment environment;
    private final Database database;
    private final Faces faces;
    private final Queue<Runnable> listeners = new ConcurrentLinkedQueue<>();

    /** The five faces over the same transactions. */
    private record Faces(Jobs jobs, Claims claims, Ledger ledger, Outbox outbox, Nodes nodes) {
        Faces(Transactions transactions, Dialect dialect) {
            this(
                    new JdbcJobs(transactions),
                    new JdbcClaims(transactions),
                    new JdbcLedger(transactions),
                    new JdbcOutbox(transactions),
                    new JdbcNodes(transactions, dialect.clock()));
        }
    }

    /** The same store inside one transaction, and what closing it does. */
    private record Within(JdbcStore store, Faces faces, Runnable end) implements JobStore {
        @Override
        public Jobs jobs() {
            return faces.jobs();
        }

        @Override
        public Claims claims() {
            return faces.claims();
        }

        @Override
        public Ledger ledger() {
            return faces.ledger();
        }

        @Override
        public Outbox outbox() {
            return faces.outbox();
        }

        @Override
        public Nodes nodes() {
            return faces.nodes();
        }

        @Override
        public boolean keepsOutputs() {
            return store.keepsOutputs();
        }

        @Override
        public Optional<String> place() {
            return store.place();
        }

        @Override
        public void close() {
            end.run();
        }
    }

    JdbcStore(Dialect dialect, Environment environment) {
        this(dialect, TableWork.allowed(environment));
    }

    JdbcStore(Dialect dialect, TableWork work) {
        this.dialect = dialect;
        this.environment = work.environment();
        this.database = new Database(dialect, work);
        this.faces = new Faces(database, dialect);
    }

    Database database() {
        return database;
    }

    @Override
    public Jobs jobs() {
        return faces.jobs();
    }

    @Override
    public Claims claims() {
        return faces.claims();
    }

    @Override
    public Ledger ledger() {
        return faces.ledger();
    }

    @Override
    public Outbox outbox() {
        return faces.outbox();
    }

    @Override
    public Nodes nodes() {
        return faces.nodes();
    }

    @Override
    public Optional<JobStore> within(Connection connection) {
        return Optional.of(within(connection, () -> {})); // the connection is not ours to end
    }

    private Within within(Connection connection, Runnable end) {
        return new Within(this, new Faces(new CallersTransaction(connection, dialect), dialect), end);
    }

    @Override
    public Optional<JobStore> snapshot() {
        Connection connection = frozen();
        return Optional.of(within(connection, () -> end(connection)));
    }

    private Connection frozen() {
        try {
            Connection connection = dialect.connect();
            try {
                connection.setAutoCommit(false);
                dialect.freeze(connection);
                return connection;
            } catch (SQLException | RuntimeException e) {
                end(connection); // or a pool would miss it for good
                throw e;
            }
        } catch (SQLException e) {
            throw dialect.explain(e);
        }
    }

    private void end(Connection connection) {
        try (connection) { // closed whatever becomes of the rollback
            connection.rollback();
        } catch (SQLException e) {
            throw dialect.explain(e);
        }
    }

    @Override
    public List<String> check() {
        List<String> damage = damage();
        if (!damage.isEmpty()) {
            return damage;
        }
        Connection connection = frozen();
        try {
            return new Checkup(dialect).look(new Session(connection, dialect));
        } catch (SQLException e) {
            throw dialect.explain(e);
        } finally {
            end(connection);
        }
    }

    /** Before any row is asked for: a snapshot of a broken file cannot even be taken. */
    private List<String> damage() {
        try (Connection connection = dialect.connect()) {
            return new Checkup(dialect).damage(new Session(connection, dialect));
        } catch (SQLException e) {
            throw dialect.explain(e);
        }
    }

    @Override
    public boolean keepsOutputs() {
        return dialect.keepsOutputs();
    }

    @Override
    public Optional<String> place() {
        return database.read(dialect::place);
    }

    @Override
    public Runnable listen(Runnable hint) {
        Runnable end = dialect.listen(environment, hint);
        listeners.add(end);
        return end;
    }

    @Override
    public void close() {
        listeners.forEach(Runnable::run);
        database.close();
    }
}
