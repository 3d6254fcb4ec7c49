package dev.kairos.store.jdbc;

import dev.kairos.api.env.Environment;
import dev.kairos.api.store.Claims;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.Jobs;
import dev.kairos.api.store.Ledger;
import dev.kairos.api.store.Nodes;
import dev.kairos.api.store.Outbox;

/** The store on a SQL database: one body of statements, the differences in a {@link Dialect}. */
final class JdbcStore implements JobStore {
    private final Dialect dialect;
    private final Environment environment;
    private final Database database;
    private final Jobs jobs;
    private final Claims claims;
    private final Ledger ledger;
    private final Outbox outbox;
    private final Nodes nodes;

    JdbcStore(Dialect dialect, Environment environment) {
        this.dialect = dialect;
        this.environment = environment;
        database = new Database(dialect, environment);
        jobs = new JdbcJobs(database);
        claims = new JdbcClaims(database);
        ledger = new JdbcLedger(database);
        outbox = new JdbcOutbox(database);
        nodes = new JdbcNodes(database);
    }

    Database database() {
        return database;
    }

    @Override
    public Jobs jobs() {
        return jobs;
    }

    @Override
    public Claims claims() {
        return claims;
    }

    @Override
    public Ledger ledger() {
        return ledger;
    }

    @Override
    public Outbox outbox() {
        return outbox;
    }

    @Override
    public Nodes nodes() {
        return nodes;
    }

    @Override
    public boolean keepsOutputs() {
        return dialect.keepsOutputs();
    }

    @Override
    public Runnable listen(Runnable hint) {
        return dialect.listen(environment, hint);
    }

    @Override
    public void close() {
        database.close();
    }
}
