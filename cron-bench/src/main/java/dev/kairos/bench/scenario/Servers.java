package dev.kairos.bench.scenario;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** The servers that scenarios run on. */
final class Servers {
    private Servers() {}

    /**
     * A PostgreSQL that forces each commit to the disk. {@code -Dbench.postgres=NAME=VALUE,...} are further settings of it.
     */
    static EmbeddedPostgres durablePostgres() throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder();
        for (String setting : System.getProperty("bench.postgres", "").split(",")) {
            if (!setting.isEmpty()) {
                builder.setServerConfig(setting.split("=")[0], setting.split("=")[1]);
            }
        }
        return builder.setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .start();
    }

    static void makeSchema(EmbeddedPostgres postgres, String name) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA " + name);
        }
    }

    static String url(EmbeddedPostgres postgres, String schema) {
        return "jdbc:postgresql://localhost:" + postgres.getPort() + "/postgres?user=postgres&currentSchema=" + schema;
    }
}
