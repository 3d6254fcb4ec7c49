package dev.kairos.provider.chronos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.Settings;
import dev.kairos.testkit.MapSettings;
import dev.kairos.testkit.RecordingCronContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChronosSettingsTest {
    private final SteppedTime environment = new SteppedTime();
    private final Map<String, String> values = new HashMap<>(Map.of(
            "cron.chronos.portal_url", "https://portal.example/",
            "cron.chronos.callback_url", "http://127.0.0.1:8080",
            "cron.chronos.token", "abc"));
    private final Settings settings = MapSettings.of(values).at("cron.chronos");

    @TempDir
    Path folder;

    @Test
    void itIsAvailableOnceThreeThingsAreSetAndNothingIsConnected() {
        assertThat(isAvailable()).isTrue();
        for (String key : List.of("portal_url", "callback_url", "token")) {
            String value = values.put("cron.chronos." + key, " ");
            assertThat(isAvailable()).as("without %s", key).isFalse();
            assertThat(ChronosSettings.missing(settings))
                    .singleElement()
                    .asString()
                    .startsWith("cron.chronos." + key);
            values.put("cron.chronos." + key, value);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://portal.example",
                "http://10.0.0.1",
                "http://localhost.example",
                "http://127.0.0.1.example",
                "ftp://portal.example",
                "portal.example",
                "https://",
                "https://user:word@portal.example",
                "https://portal.example/?a=b",
                "https://portal.example/#a",
                "https://por tal.example"
            })
    void anAddressThatMayNotBeUsedIsRefusedWithTheKeyAndAnExample(String url) {
        for (String key : List.of("portal_url", "callback_url", "jwks_url")) {
            String before = values.put("cron.chronos." + key, url);
            assertThatThrownBy(this::isAvailable)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("cron.chronos." + key)
                    .hasMessageContaining("for example https://");
            if (before == null) {
                values.remove("cron.chronos." + key);
            } else {
                values.put("cron.chronos." + key, before);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://portal.example",
                "http://localhost:1",
                "http://127.9.9.9/x",
                "http://[::1]:2",
                "HTTPS://P"
            })
    void httpsIsTakenAndHttpToThisMachine(String url) {
        values.put("cron.chronos.portal_url", url);
        assertThat(isAvailable()).isTrue();
    }

    @Test
    void aTokenComesFromAFileTooAndMayBeReplaced() throws Exception {
        values.remove("cron.chronos.token");
        Path file = Files.writeString(folder.resolve("token"), "first\n");
        values.put("cron.chronos.token_file", file.toString());
        assertThat(token()).isEqualTo("Bearer first");
        Files.writeString(file, "second");
        assertThat(token()).isEqualTo("Bearer second");
        values.put("cron.chronos.token", "abc");
        assertThatThrownBy(this::token).hasMessageContaining("leave one of the two");
        values.remove("cron.chronos.token");
        values.put("cron.chronos.token_file", folder.resolve("none").toString());
        assertThatThrownBy(this::token).hasMessageContaining("there is no such file");
        values.put("cron.chronos.token_file", "token");
        assertThatThrownBy(this::token).hasMessageContaining("not absolute");
    }

    @Test
    void aTokenThatCannotStandInAHeaderIsRefusedWithoutShowingIt() {
        values.put("cron.chronos.token", "hid\nden");
        assertThatThrownBy(this::isAvailable)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("cron.chronos.token")
                .hasMessageNotContaining("hid");
    }

    @Test
    void aKeyThatIsNoneIsRefusedAndTwoSourcesOfKeysAreToo() {
        values.put("cron.chronos.public_key", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----");
        assertThatThrownBy(this::isAvailable).hasMessageContaining("cron.chronos.public_key");
        values.put("cron.chronos.public_key", Tokens.rsa("a").pem().replace("\n", "\\n"));
        assertThat(isAvailable()).isTrue();
        values.put("cron.chronos.jwks_url", "https://portal.example/jwks");
        assertThatThrownBy(this::isAvailable).hasMessageContaining("leave one of the two");
    }

    private String token() {
        return ChronosSettings.of(settings, environment.files()).token().header();
    }

    private boolean isAvailable() {
        ChronosProvider provider = new ChronosProvider();
        provider.bind(new RecordingCronContext(environment, Duration.ofSeconds(60), settings));
        return provider.isAvailable();
    }
}
