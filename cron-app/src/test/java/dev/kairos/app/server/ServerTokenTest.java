package dev.kairos.app.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.InvalidInputException;
import dev.kairos.builtin.Configuration;
import dev.kairos.builtin.system.SystemEnvironment;
import dev.kairos.testkit.ManualEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The secret that lets callers in. */
class ServerTokenTest {
    private static final Configuration NOTHING = Configuration.of(Map.of());

    @TempDir
    Path home;

    @Test
    void aTokenIsMadeOnceForItsOwnerAloneAndNeverTwiceTheSame() throws IOException {
        Set<String> drawn = new HashSet<>();
        Configuration configuration = Configuration.of(Map.of());
        configuration.tellSecrets(drawn::addAll);
        for (int i = 0; i < 50; i++) {
            Path file = home.resolve("home-" + i).resolve("server.token");
            ServerToken.of(new SystemEnvironment(), configuration, file);
            String written = Files.readString(file).strip();
            assertThat(drawn)
                    .as("withheld from logs and messages")
                    .hasSize(i + 1)
                    .contains(written);
            assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThat(ServerToken.of(new SystemEnvironment(), NOTHING, file).isToken(written))
                    .isTrue();
        }
        assertThat(drawn).allMatch(token -> token.matches("[A-Za-z0-9_-]{43}"));
    }

    @Test
    void theConfiguredTokenGoesBeforeTheFile() {
        Path file = home.resolve("server.token");
        ServerToken token = ServerToken.of(
                new SystemEnvironment(), Configuration.of(Map.of("server.token", " sixteen-letters! ")), file);

        assertThat(token.isToken("sixteen-letters!")).isTrue();
        assertThat(file).doesNotExist();
    }

    @Test
    void aReplacedFileIsNoticedAndTheFormerTokenEnds() throws IOException {
        ManualEnvironment time = new ManualEnvironment(Instant.parse("2027-01-15T08:00:00Z"));
        Path file = home.resolve("server.token");
        Files.writeString(file, "the-former-token-of-all\n");
        ServerToken token = ServerToken.of(time, NOTHING, file);
        assertThat(token.isToken("the-former-token-of-all")).isTrue();

        Files.writeString(file, "the-present-token-of-all\n");
        time.advance(Duration.ofSeconds(2));

        assertThat(token.isToken("the-former-token-of-all")).isFalse();
        assertThat(token.isToken("the-present-token-of-all")).isTrue();

        Files.writeString(file, "short");
        time.advance(Duration.ofSeconds(2));
        assertThat(token.isToken("short")).isFalse();
        assertThat(token.isToken("the-present-token-of-all")).isTrue();
        Files.delete(file);
        time.advance(Duration.ofSeconds(2));
        assertThat(token.isToken("the-present-token-of-all")).isTrue();
        assertThat(token.isToken("")).isFalse();
    }

    @Test
    void aTokenThatAnybodyCouldGuessOrNoHeaderCanCarryIsRefused() throws IOException {
        Path file = home.resolve("server.token");
        for (String weak :
                new String[] {"", "short", "fifteen-letters", "with a space in the middle", "\u00fc".repeat(20)}) {
            Files.writeString(file, weak);
            assertThatThrownBy(() -> ServerToken.of(new SystemEnvironment(), NOTHING, file))
                    .as(weak)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("no token that can protect anything")
                    .extracting(Throwable::getMessage)
                    .asString()
                    .doesNotContain(weak.isEmpty() ? "nothing" : weak);
        }
    }

    @Test
    void aServerIsWantedWhereItIsSaidOrAnythingElseOfItIsSetOrTheProviderTakesCalls() {
        assertThat(settings(Map.of()).isWanted(false)).isFalse();
        assertThat(settings(Map.of()).isWanted(true)).isTrue();
        assertThat(settings(Map.of("server.port", 0)).isWanted(false)).isTrue();
        assertThat(settings(Map.of("server.enabled", true)).isWanted(false)).isTrue();
        assertThat(settings(Map.of("server.enabled", false, "server.port", 0)).isWanted(true))
                .isFalse();
        assertThat(settings(Map.of()).port()).isEqualTo(8784);
        assertThat(settings(Map.of()).address()).isEqualTo("127.0.0.1");
    }

    private static ServerSettings settings(Map<String, ?> values) {
        return ServerSettings.of(Configuration.of(values));
    }
}
