package dev.kairos.store.jdbc;

import dev.kairos.api.env.Environment;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.JobStoreFactory;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * Opens stores on PostgreSQL: {@code jdbc:postgresql://HOST/DATABASE?user=...&password=...}. The tables lie in the schema
 * {@code kairos}, or in the one that {@code currentSchema} names.
 *
 * <p>Status: experimental since 0.1.
 */
public final class PostgresStoreFactory implements JobStoreFactory {
    /** For the service loader. */
    public PostgresStoreFactory() {}

    @Override
    public boolean accepts(String url) {
        return url.strip().toLowerCase(Locale.ROOT).startsWith(PostgresUrl.PREFIX);
    }

    @Override
    public JobStore open(String url, Path home, Environment environment) {
        return openWith(Map.of(), url, home, environment);
    }

    @Override
    public JobStore openWith(Map<String, String> facts, String url, Path home, Environment environment) {
        PostgresUrl where = PostgresUrl.of(url.strip());
        return new JdbcStore(new PostgresDialect(where), TableWork.allowed(environment, facts));
    }

    @Override
    public JobStore openUnchanged(String url, Path home, Environment environment) {
        return new JdbcStore(PostgresDialect.reading(PostgresUrl.of(url.strip())), TableWork.refused(environment));
    }

    @Override
    public JobStore openAsItIs(String url, Path home, Environment environment) {
        return new JdbcStore(new PostgresDialect(PostgresUrl.of(url.strip())), TableWork.refused(environment));
    }
}
