package dev.kairos.store.jdbc;

/** Real processes on one PostgreSQL. */
class PostgresProcessesIT extends ProcessesProof {
    @Override
    String freshUrl() {
        return Postgres.freshUrl();
    }
}
