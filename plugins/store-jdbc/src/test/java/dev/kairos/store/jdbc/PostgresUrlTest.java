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
