package dev.kairos.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kairos.api.store.StoreException;
import dev.kairos.api.store.StoreException.Kind;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.Driver;

/** Each reason for which a server gives no connection is told as what it is, without a password. */
class RefusedConnectionTest {
    private static final String NAME = "guarded";

    /** pg_hba.conf of a server that asks this one user for a password. */
    private static Path rules;

    private static String before;

    @BeforeAll
    static void aUserWhoNeedsAPassword() throws Exception {
        Postgres.run("CREATE ROLE " + NAME + " LOGIN PASSWORD 'hunter2'; CREATE ROLE resident NOLOGIN");
        rules = Path.of(Postgres.text("SHOW hba_file"));
        before = Files.readString(rules);
        Files.writeString(rules, "host all " + NAME + " all scram-sha-256\nhost all stranger all reject\n" + before);
        Postgres.run("SELECT pg_reload_conf()");
    }

    @AfterAll
    static void asItWas() throws Exception {
        Files.writeString(rules, before);
        Postgres.run("SELECT pg_reload_conf()");
    }

    private static String as(String user, String further) {
        return Postgres.freshUrl().replace("user=postgres", "user=" + user + further);
    }

    /** Asks the driver itself: the pool would ask again for three seconds. */
    private static void assertTold(String url, Kind kind, String... words) {
        SQLException failure =
                catchThrowableOfType(SQLException.class, () -> new Driver().connect(url, new Properties()));
        assertThat(RefusedConnection.of(
                        PostgresUrl.of(url), failure, failure.getSQLState(), String.valueOf(failure.getMessage())))
                .hasValueSatisfying(told -> {
                    assertThat(told.kind()).isEqualTo(kind);
                    assertThat(told.words()).contains(words).doesNotContain("hunter2", "hunter3");
                });
    }

    @Test
    void theStoreSaysSoWhereItIsAndWithoutThePassword() {
        assertThatThrownBy(() -> Postgres.at(as(NAME, "&password=hunter3")))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(Kind.UNUSABLE))
                .hasMessageMatching("The store jdbc:postgresql://localhost:[0-9]+/postgres does not take this user .*");
    }

    @Test
    void aPasswordThatIsNotGivenIsAskedFor() {
        assertTold(
                as(NAME, ""), Kind.UNUSABLE, "refuses the connection", "gives no password", "password=${file:/path}");
        assertTold(as(NAME, "&password="), Kind.UNUSABLE, "gives no password");
    }

    @Test
    void aWrongPasswordIsSaidToBeWrong() {
        assertTold(
                as(NAME, "&password=hunter3"),
                Kind.UNUSABLE,
                "does not take this user with this password",
                "store.url");
    }

    @Test
    void aUserWhomTheServerDoesNotLetInIsSaidToBeRefused() {
        assertTold(as("stranger", ""), Kind.UNUSABLE, "refuses this user", "pg_hba.conf");
        assertTold(as("resident", ""), Kind.UNUSABLE, "refuses this user", "may log in");
    }

    @Test
    void encryptionThatTheServerDoesNotOfferIsNoPasswordThatIsMissing() {
        assertTold(as("postgres", "&sslmode=require"), Kind.TRANSIENT, "refuses the connection", "sslmode");
    }

    @Test
    void aRoleThatHasNoConnectionLeftIsSaidToHaveNone() throws SQLException {
        Postgres.run("CREATE ROLE few LOGIN CONNECTION LIMIT 0");
        assertTold(as("few", ""), Kind.TRANSIENT, "has no connection left", "limit of the role");
    }

    @Test
    void aNameThatNobodyKnowsIsNamed() {
        assertTold(
                "jdbc:postgresql://no-such-host.invalid/app?user=me&password=hunter2",
                Kind.TRANSIENT,
                "nobody here knows the name no-such-host.invalid",
                "correct the host in store.url");
    }

    @Test
    void aPortAtWhichNothingListensIsSaidToBeSo() {
        assertTold(
                "jdbc:postgresql://localhost:1/app?user=me&password=hunter2",
                Kind.TRANSIENT,
                "cannot be reached (Connection to localhost:1 refused)",
                "nothing listens there",
                "check that the server runs");
    }

    @Test
    void aServerThatStartsIsNoServerThatIsAway() {
        PostgresDialect dialect = new PostgresDialect(PostgresUrl.of(Postgres.freshUrl()));
        try {
            for (String said : List.of("starting up", "shutting down")) {
                assertThat(dialect.explain(new SQLException("FATAL: the database system is " + said, "57P03")))
                        .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Kind.TRANSIENT))
                        .hasMessageContaining(
                                "takes no connections just now (FATAL: the database system is " + said + ")")
                        .hasMessageContaining("a daemon at work does so by itself")
                        .hasMessageNotContaining("check that the server runs");
            }
        } finally {
            dialect.close();
        }
    }

    @Test
    void aClassThatIsNotThereIsNoTroubleOfTheNetwork() {
        assertTold(
                "jdbc:postgresql://localhost:1/app?user=me&password=hunter2&socketFactory=no.Such",
                Kind.UNUSABLE,
                "store.url names a class that is not there");
    }

    /** A command that was stopped in the middle of connecting has no other sign of it. */
    @Test
    void aConnectionThatLapsedMayBeThisProcesssOwnFault() {
        PostgresDialect dialect = new PostgresDialect(PostgresUrl.of(Postgres.freshUrl()));
        try {
            assertThat(dialect.explain(new SQLException("Connection attempt timed out.", "08001")))
                    .hasMessageContaining(
                            "cannot be reached (Connection attempt timed out): try again if this process was"
                                    + " stopped")
                    .hasMessageContaining("check that the server runs");
        } finally {
            dialect.close();
        }
    }

    @Test
    void anAddressFromWhichNothingComesIsToldApartFromAnAnswerThatIsMissing() {
        PostgresUrl url = PostgresUrl.of("jdbc:postgresql://db/app");
        SQLException silent =
                new SQLException("The attempt failed.", "08001", new SocketTimeoutException("Connect timed out"));
        assertThat(RefusedConnection.of(url, silent, "08001", "The attempt failed."))
                .hasValueSatisfying(told -> assertThat(told.words()).contains("nothing answers", "firewall"));
        SQLException broken = new SQLException("An I/O error.", "08006", new SocketTimeoutException("Read timed out"));
        assertThat(RefusedConnection.of(url, broken, "08006", "An I/O error.")).isEmpty();
    }
}
