package dev.kairos.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.InvalidInputException;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused of a URL before the driver sees it, and what is shown of it. */
class PostgresUrlTest {
    private static final String SERVER = "jdbc:postgresql://db:5432/app?user=me&password=hunter2";

    @ParameterizedTest
    @ValueSource(strings = {"99999", "0", "65536", "9999999999"})
    void aPortThatThereIsNotIsNamedAndTheDriverSaysNothingOfItsOwn(String port) {
        StringBuilder said = new StringBuilder();
        Handler ear = new Handler() {
            @Override
            public void publish(LogRecord word) {
                said.append(word.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger driver = Logger.getLogger("org.postgresql");
        driver.addHandler(ear);
        try {
            assertThatThrownBy(() -> PostgresUrl.of("jdbc:postgresql://a:5432,db:" + port + "/app?password=hunter2"))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("there is no port " + port)
                    .hasMessageNotContaining("hunter2");
        } finally {
            driver.removeHandler(ear);
        }
        assertThat(said.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "pasword=hunter2, password",
        "Password=hunter2, password",
        "sslmod=verify-full, sslmode",
        "currentschema=own, currentSchema",
        "usr=me, user",
        "socketTimeOut=5, socketTimeout"
    })
    void anOptionThatIsMisspeltIsRefusedWithTheOneThatWasMeant(String option, String meant) {
        assertThatThrownBy(() -> PostgresUrl.of("jdbc:postgresql://db/app?" + option))
                .isInstanceOfSatisfying(
                        InvalidInputException.class,
                        refused -> assertThat(refused.accepted()).contains("did you mean " + meant + "?"))
                .hasMessageNotContaining("hunter2")
                .hasMessageNotContaining(option.substring(0, option.indexOf('=')));
    }

    @ParameterizedTest
    @CsvSource({
        "sslmode=hunter2, sslmode is one of disable",
        "sslmode=, sslmode is one of disable",
        "targetServerType=bogus, targetServerType is one of any",
        "targetServerType=PRIMARY, targetServerType is one of any",
        "gssEncMode=off, gssEncMode is one of disable",
        "requireAuth=md5%2Cbogus, requireAuth is one of password",
        "channelBinding=yes, channelBinding is one of disable"
    })
    void aValueThatTheDriverRefusesIsRefusedWithThoseThatItTakes(String option, String taken) {
        assertThatThrownBy(() -> PostgresUrl.of(SERVER + "&" + option))
                .isInstanceOfSatisfying(
                        InvalidInputException.class,
                        refused -> assertThat(refused.accepted()).contains(taken))
                .hasMessageContaining("a value that the driver refuses")
                .hasMessageNotContaining("hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sslmode=Verify-Full", "targetServerType=preferSlave", "requireAuth=!md5, scram-sha-256"})
    void aValueThatTheDriverTakesIsTaken(String option) {
        assertThat(PostgresUrl.of(SERVER + "&" + option.replace("!", "%21").replace(" ", "%20"))
                        .schema())
                .isEqualTo("kairos");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//db/app;user=me;password=hunter2",
                "//db/app;Password=hunt@er2",
                "//db/app?user=me; password=hunter2"
            })
    void optionsBehindASemicolonAreRefusedAndNotRepeated(String rest) {
        assertThatThrownBy(() -> PostgresUrl.of("jdbc:postgresql:" + rest))
                .isInstanceOfSatisfying(
                        InvalidInputException.class,
                        refused -> assertThat(refused.accepted()).contains("behind a question mark"))
                .hasMessageContaining("behind a semicolon")
                .hasMessageNotContaining("er2");
    }

    @Test
    void aSemicolonInAPasswordIsTaken() {
        assertThat(PostgresUrl.of("jdbc:postgresql://db/app?user=me&password=a;b=c%3Buser=d")
                        .hasPassword())
                .isTrue();
    }

    @Test
    void optionsOfTheDriverAndOfOtherLibrariesAreTaken() {
        PostgresUrl url = PostgresUrl.of(SERVER + "&sslmode=verify-full&ssl&tcpKeepAlive=true&cloudSqlInstance=a:b:c");
        assertThat(url.schema()).isEqualTo("kairos");
        assertThat(url.hasPassword()).isTrue();
        assertThat(PostgresUrl.of("jdbc:postgresql:///app?password=").hasPassword())
                .isFalse();
    }

    @Test
    void itShowsNothingOfItsOptions() {
        assertThat(PostgresUrl.of(SERVER)).hasToString("jdbc:postgresql://db:5432/app");
    }
}
