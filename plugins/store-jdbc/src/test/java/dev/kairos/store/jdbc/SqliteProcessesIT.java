package dev.kairos.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Real processes on one SQLite file. */
class SqliteProcessesIT extends ProcessesProof {
    @TempDir
    Path folder;

    private int files;

    @Override
    String freshUrl() {
        files++;
        return "jdbc:sqlite:" + folder.resolve("state-" + files + ".db");
    }

    @Override
    void requireSound(String url, String when) {
        try (JdbcStore store = (JdbcStore) Stores.at(url)) {
            List<String> answers = store.database()
                    .read(session -> session.sql("PRAGMA integrity_check").list(Cells::text));
            assertThat(answers).as(when).containsExactly("ok");
        }
    }
}
