package dev.kairos.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.store.JobStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store's place: one for all who have it open, another one for every copy. */
class StorePlaceTest {
    private static final String ORDINARY = "kairos_ordinary";

    @TempDir
    Path folder;

    private static String placeAt(String url) {
        try (JobStore store = Stores.at(url)) {
            return store.place().orElseThrow();
        }
    }

    private String placeOf(Path file) {
        return placeAt("jdbc:sqlite:" + file);
    }

    @Test
    void aFileHasOnePlaceHoweverItIsNamedAndItsCopyAnother() throws Exception {
        Path file = folder.resolve("home").resolve("state.db");
        String place = placeOf(file);
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("home"));
        assertThat(placeOf(folder.resolve("link/state.db"))).isEqualTo(place);
        assertThat(placeOf(folder.resolve("home/../home/state.db"))).isEqualTo(place);

        Path copy = Files.createDirectories(folder.resolve("copy")).resolve("state.db");
        Files.copy(file, copy);
        assertThat(placeOf(copy)).isNotEqualTo(place);
    }

    /** Two containers may have each its own file there. */
    @Test
    void anotherFileAtTheSamePathHasAnotherPlace() throws Exception {
        Path file = folder.resolve("state.db");
        String place = placeOf(file);
        Path copy = Files.copy(file, folder.resolve("copy.db"));
        Files.move(file, folder.resolve("moved.db"));
        Files.move(copy, file);
        assertThat(placeOf(file)).isNotEqualTo(place);
        Files.move(folder.resolve("moved.db"), file, StandardCopyOption.REPLACE_EXISTING);
        assertThat(placeOf(file)).isEqualTo(place);
    }

    @Test
    void aFileKeepsItsPlaceWhateverIsDoneWithinIt() throws Exception {
        Path file = folder.resolve("state.db");
        String place = placeOf(file);
        Path backup = folder.resolve("backup.db");
        try (JobStore store = Stores.at("jdbc:sqlite:" + file);
                Connection beside = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = beside.createStatement()) {
            store.jobs().create(List.of(StoreProcess.due("a")));
            statement.execute("VACUUM INTO '" + backup + "'");
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
            statement.execute("VACUUM");
            assertThat(store.place()).contains(place);
        }
        assertThat(placeOf(file)).isEqualTo(place);
        Files.write(file, Files.readAllBytes(backup));
        assertThat(placeOf(file)).as("a backup that was written into it").isEqualTo(place);
    }

    @Test
    void aDatabaseHasOnePlaceForEveryUserWithWhateverOptions() throws Exception {
        String url = Postgres.freshUrl();
        String place = placeAt(url);
        assertThat(placeAt(url)).isEqualTo(place);
        assertThat(placeAt(url.replace("//localhost:", "//127.0.0.1:") + "&connectTimeout=4&password=geheim"))
                .isEqualTo(place);

        String schema = url.substring(url.lastIndexOf('=') + 1);
        Postgres.run("CREATE ROLE " + ORDINARY + " LOGIN; ALTER SCHEMA " + schema + " OWNER TO " + ORDINARY
                + "; GRANT ALL ON ALL TABLES IN SCHEMA " + schema + " TO " + ORDINARY);
        assertThat(placeAt(url.replace("user=postgres", "user=" + ORDINARY))).isEqualTo(place);
    }

    @Test
    void eachCopyOfADatabaseHasAPlaceOfItsOwn() throws Exception {
        String url = Postgres.freshUrl();
        String schema = url.substring(url.lastIndexOf('=') + 1);
        String place = placeAt(url);
        Postgres.run("CREATE DATABASE original");
        String original = url.replace("/postgres?", "/original?");
        String there = placeAt(original);
        Postgres.run("CREATE DATABASE twin TEMPLATE original");
        String twin = url.replace("/postgres?", "/twin?");
        try (JobStore one = Stores.at(original);
                JobStore other = Stores.at(twin)) {
            assertThat(other.jobs().changesSince(0).storeId())
                    .as("a copy down to the store's id")
                    .isEqualTo(one.jobs().changesSince(0).storeId());
        }

        Postgres.run("ALTER SCHEMA " + schema + " RENAME TO renamed_" + schema);
        assertThat(List.of(
                        place,
                        there,
                        placeAt(twin),
                        placeAt(url.replace("=" + schema, "=renamed_" + schema)),
                        placeAt(url)))
                .as("the last is a new store where the first one was")
                .doesNotHaveDuplicates();
    }

    @Test
    void whereTheServersIdentifierIsKeptFromUsersTheStoreStillHasAPlace() throws Exception {
        Postgres.run("CREATE DATABASE guarded");
        String url = Postgres.freshUrl().replace("/postgres?", "/guarded?");
        String known = placeAt(url);
        String schema = url.substring(url.lastIndexOf('=') + 1);
        Postgres.run(
                "guarded",
                "REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC; CREATE ROLE kairos_guarded"
                        + " LOGIN; ALTER SCHEMA " + schema
                        + " OWNER TO kairos_guarded; GRANT ALL ON ALL TABLES IN SCHEMA "
                        + schema + " TO kairos_guarded");
        String guarded = url.replace("user=postgres", "user=kairos_guarded");
        assertThat(placeAt(guarded)).isEqualTo(placeAt(guarded)).isNotEqualTo(known);
    }

    @Test
    void serversAreTheSameHoweverTheyAreWritten() {
        assertThat(servers("//localhost:5432/db")).isEqualTo("localhost:5432");
        for (String same : List.of("db", "//127.0.0.1/db", "//[::1]/db?user=x", "//LOCALHOST/other?password=geheim")) {
            assertThat(servers(same)).as(same).isEqualTo("localhost:5432");
        }
        assertThat(servers("//b:2,A:1/db")).isEqualTo(servers("//a:1,B:2/db")).isEqualTo("a:1,b:2");
        assertThat(servers("//a:1/db")).isNotEqualTo(servers("//a:2/db")).isNotEqualTo(servers("//b:1/db"));
    }

    private static String servers(String address) {
        return PostgresUrl.of(PostgresUrl.PREFIX + address).servers();
    }
}
