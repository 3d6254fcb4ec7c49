package dev.kairos.store.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The numbered scripts that make the tables what this version expects; forward only. The files are {@code 0001.sql},
 * {@code 0002.sql} ... in the dialect's resource folder, one after another without a gap; a statement ends with a
 * semicolon at the end of a line.
 */
final class Migrations {
    /** The newest script; a test compares it with the files. */
    static final int NEWEST = 3;

    private final String folder;

    Migrations(String folder) {
        this.folder = folder;
    }

    int newest() {
        return NEWEST;
    }

    /** Runs every script after version {@code from}, in the caller's transaction. */
    void run(Statement statement, int from) throws SQLException {
        for (int version = from + 1; version <= NEWEST; version++) {
            for (String sql : script(version).split(";\\s*\n")) {
                if (!sql.isBlank()) {
                    statement.execute(sql);
                }
            }
        }
    }

    private String script(int version) {
        String name = folder + "/" + String.format("%04d.sql", version);
        try (InputStream stream = Migrations.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("the script " + name + " is missing from this build");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
