package dev.kairos.app;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Three daemons, each with a home of its own, on one PostgreSQL that is restarted and that cuts their connections. */
class ManyNodesIT extends ManyDaemonsProof {
    private static final int HOMES = 3;

    @TempDir
    Path server;

    private PostgresServer postgres;

    @Override
    ServedHome home(Path folder) throws IOException {
        postgres = PostgresServer.in(server);
        return ServedHome.sharing(folder, postgres.url(), HOMES);
    }

    @Override
    List<Disturbances.Trouble> troubles() {
        return List.of(
                new Disturbances.Trouble("restarts of the database", postgres::restart),
                new Disturbances.Trouble("cuts of every connection", this::cut));
    }

    private void cut() throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'kairos'");
        }
    }

    @AfterEach
    void endTheServer() throws IOException {
        postgres.close();
    }
}
