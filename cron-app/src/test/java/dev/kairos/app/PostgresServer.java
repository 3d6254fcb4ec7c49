package dev.kairos.app;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/** A real PostgreSQL with forced writes, which can be restarted on the same port with the same data. */
final class PostgresServer implements AutoCloseable {
    private final Path data;
    private final int port;
    private EmbeddedPostgres server;

    private PostgresServer(Path data, EmbeddedPostgres server) {
        this.data = data;
        this.server = server;
        this.port = server.getPort();
    }

    static PostgresServer in(Path folder) throws IOException {
        Path data = folder.resolve("data");
        return new PostgresServer(data, builder(data).start());
    }

    private static EmbeddedPostgres.Builder builder(Path data) {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on");
    }

    String url() {
        return "jdbc:postgresql://localhost:" + port + "/postgres?user=postgres";
    }

    int port() {
        return port;
    }

    Connection connect() throws SQLException {
        return server.getPostgresDatabase().getConnection();
    }

    /** Ends it, whoever is connected, and starts it again. */
    void restart() throws IOException {
        stop();
        start();
    }

    /** Ends it, whoever is connected. */
    void stop() throws IOException {
        server.close();
    }

    /** Starts it again, with what it had. */
    void start() throws IOException {
        server = builder(data).setPort(port).start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
