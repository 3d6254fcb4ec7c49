package dev.kairos.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.Settings;
import dev.kairos.builtin.system.SystemEnvironment;
import dev.kairos.orchestrator.delivery.Redactor;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
    @TempDir
    Path home;

    private Configuration load(String yaml, Map<String, String> environment, Map<String, String> properties)
            throws IOException {
        Files.writeString(home.resolve("config.yaml"), yaml);
        return Configuration.load(home, new SystemEnvironment().files(), environment, properties);
    }

    private Configuration load(String yaml) throws IOException {
        return load(yaml, Map.of(), Map.of());
    }

    @Test
    void withoutAFileEveryStandardHolds() {
        Configuration none = Configuration.load(home, new SystemEnvironment().files(), Map.of(), Map.of());
        assertThat(none.get(ConfigKey.INTERVAL)).contains(Duration.ofSeconds(60));
        assertThat(none.get(ConfigKey.PROVIDER)).contains("builtin");
        assertThat(none.get(ConfigKey.TIMEZONE)).isEmpty();
        assertThat(none.warnings()).isEmpty();
        assertThat(none.problems()).isEmpty();
    }

    @Test
    void theVariableStandsOverTheFileAndThePropertyOverBoth() throws IOException {
        String yaml = "cron:\n  provider: fromfile\n  interval: 10s\nstore:\n  url: 'memory:'\n";
        Map<String, String> variables = Map.of("KAIROS_CRON_PROVIDER", "fromenv", "KAIROS_CRON_INTERVAL", "20s");
        Configuration all = load(yaml, variables, Map.of("kairos.cron.provider", "fromproperty"));
        assertThat(all.get(ConfigKey.PROVIDER)).contains("fromproperty");
        assertThat(all.get(ConfigKey.INTERVAL)).contains(Duration.ofSeconds(20));
        assertThat(all.get(ConfigKey.STORE_URL)).contains("memory:");
    }

    @Test
    void aBlankVariableCountsAsAbsent() throws IOException {
        Configuration blank = load("cron:\n  provider: file\n", Map.of("KAIROS_CRON_PROVIDER", "  "), Map.of());
        assertThat(blank.get(ConfigKey.PROVIDER)).contains("file");
    }

    @Test
    void keysOfPlugInsTakeVariablesTooWithoutBeingListed() throws IOException {
        Configuration configuration = load("", Map.of("KAIROS_CRON_DB_SCHEDULER_POLL", "3s"), Map.of());
        Settings provider = configuration.at("cron.db-scheduler");
        assertThat(provider.duration("poll")).contains(Duration.ofSeconds(3));
        assertThat(provider.path()).isEqualTo("cron.db-scheduler");
    }

    @Test
    void whatIsFilledInAsAnOptionOfADatabasesUrlMayHoldAnyCharacter() throws IOException {
        String password = "50%off+a&b=c#d e/ż";
        Files.writeString(home.resolve("db"), password + "\n");
        Configuration configuration = load(
                "store:\n  url: jdbc:postgresql://${HOST}/d?user=me&password=${file:db}\nother: x?password=${file:db}\n"
                        + "whole: jdbc:postgresql://h/d?${OPTIONS}\n",
                Map.of("HOST", "h:5432", "OPTIONS", "user=me&ssl=true"),
                Map.of());
        Set<String> secrets = new HashSet<>();
        configuration.tellSecrets(secrets::addAll);

        String url = configuration.get(ConfigKey.STORE_URL).orElseThrow();
        assertThat(url).startsWith("jdbc:postgresql://h:5432/d?user=me&password=");
        String written = url.substring(url.indexOf("password=") + "password=".length());
        assertThat(written).doesNotContain("&", "+", " ", "#");
        assertThat(URLDecoder.decode(written, StandardCharsets.UTF_8)).isEqualTo(password);
        assertThat(configuration.text("other")).contains("x?password=" + password);
        assertThat(configuration.text("whole")).contains("jdbc:postgresql://h/d?user=me&ssl=true");
        assertThat(secrets).contains(password, written);
    }

    @Test
    void dottedAndNestedKeysAreTheSame() throws IOException {
        Configuration configuration = load("cron.interval: 5s\ncron:\n  quartz:\n    a.b: 1\n    c: {d: x}\n");
        assertThat(configuration.get(ConfigKey.INTERVAL)).contains(Duration.ofSeconds(5));
        assertThat(configuration.at("cron").at("quartz").number("a.b")).contains(1L);
        assertThat(configuration.at("cron.quartz").keys()).containsExactly("a", "c");
        assertThat(configuration.at("cron.quartz").at("c").text("d")).contains("x");
        assertThat(configuration.keys()).containsExactly("cron");
    }

    @Test
    void listsMayBeListsOrTextsWithCommas() throws IOException {
        Configuration configuration = load("agent:\n  a: [x, ' y ']\n  b: x, y,,\n");
        assertThat(configuration.texts("agent.a")).containsExactly("x", "y");
        assertThat(configuration.texts("agent.b")).containsExactly("x", "y");
        assertThat(configuration.texts("agent.c")).isEmpty();
        assertThat(load("delivery.retry_backoff: [1m, 5m]\n").get(ConfigKey.DELIVERY_RETRY_BACKOFF))
                .contains(List.of(Duration.ofMinutes(1), Duration.ofMinutes(5)));
    }

    @Test
    void variablesAndFilesAreFilledInWhenAValueIsRead() throws IOException {
        Path secret = home.resolve("secret.txt");
        Files.writeString(secret, "first\n");
        Configuration configuration = load(
                "agent:\n  a: 'x-${HOST}-y'\n  b: '${file:" + secret
                        + "}'\n  c: '$${HOST}'\n  d: '${file:secret.txt}'\n",
                Map.of("HOST", "${never}"),
                Map.of());
        assertThat(configuration.text("agent.a")).contains("x-${never}-y");
        assertThat(configuration.text("agent.b")).contains("first");
        assertThat(configuration.text("agent.c")).contains("${HOST}");
        Files.writeString(secret, "second");
        assertThat(configuration.text("agent.d")).contains("second");
    }

    @Test
    void whatCannotBeFilledInIsRefusedWithWhereAndWhatToDo() throws IOException {
        Configuration configuration =
                load("agent:\n  a: ${ABSENT_VARIABLE}\n  b: ${file:/no/such/file}\n  c: 'x${y'\n");
        assertThatThrownBy(() -> configuration.text("agent.a"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("config.yaml, agent.a")
                .hasMessageContaining("ABSENT_VARIABLE is not set");
        assertThatThrownBy(() -> configuration.text("agent.b")).hasMessageContaining("there is no such file");
        assertThatThrownBy(() -> configuration.text("agent.c")).hasMessageContaining("not closed");
    }

    @Test
    void aWrongFormNamesFileKeyValueAndExpectedFormAndStopsNothing() throws IOException {
        Configuration configuration = load(
                "cron:\n  interval: banana\n  max_parallel_jobs: 0\n  wrap_response: maybe\n  misfire:\n    policy: run\n"
                        + "  timezone: Mars/Olympus\n  retry: {backoff: 60}\n");
        assertThat(configuration.problems())
                .extracting(InvalidInputException::where)
                .allMatch(where -> where.startsWith(home.resolve("config.yaml") + ", cron."))
                .hasSize(6);
        InvalidInputException interval =
                catchThrowableOfType(InvalidInputException.class, () -> configuration.get(ConfigKey.INTERVAL));
        assertThat(interval.given()).isEqualTo("banana");
        assertThat(interval.accepted()).contains("90s");
        assertThat(configuration.getLenient(ConfigKey.INTERVAL)).contains(Duration.ofSeconds(60));
        InvalidInputException policy =
                catchThrowableOfType(InvalidInputException.class, () -> configuration.get(ConfigKey.MISFIRE_POLICY));
        assertThat(policy.accepted()).contains("run_once, skip, run_all");
    }

    @Test
    void nothingStandsInForAUrlThatCannotBeFilledIn() throws IOException {
        Configuration configuration = load("store:\n  url: jdbc:sqlite:${NOWHERE}\n");
        assertThat(configuration.problems()).isEmpty();
        assertThatThrownBy(() -> configuration.get(ConfigKey.STORE_URL)).hasMessageContaining("NOWHERE is not set");
        assertThat(configuration.placeOf(ConfigKey.STORE_URL)).contains(home.resolve("config.yaml") + ", store.url");
        assertThat(configuration.placeOf(ConfigKey.INTERVAL)).isEmpty();
    }

    @Test
    void aSubtreeWhereAValueBelongsIsRefused() throws IOException {
        Configuration configuration = load("cron:\n  provider:\n    name: x\n");
        assertThatThrownBy(() -> configuration.get(ConfigKey.PROVIDER))
                .hasMessageContaining("a single text is expected");
    }

    @Test
    void aMessageNeverShowsASecretNorWhatWasFilledIn() throws IOException {
        Configuration configuration = load(
                "delivery:\n  telegram:\n    bot_token: hunter2\n    poll: ${PW}\ncron:\n  interval: '${PW}'\n"
                        + "  timezone: ${PW}\n",
                Map.of("PW", "hunter2"),
                Map.of());
        assertThatThrownBy(() -> configuration.number("delivery.telegram.bot_token"))
                .hasMessageNotContaining("hunter2")
                .hasMessageContaining("(hidden)");
        assertThatThrownBy(() -> configuration.number("delivery.telegram.poll"))
                .hasMessageNotContaining("hunter2")
                .hasMessageContaining("${PW}");
        assertThat(configuration.problems())
                .hasSize(2)
                .allMatch(problem -> !(problem.getMessage() + problem.given() + problem.reason()).contains("hunter2"));
    }

    @Test
    void anUnknownKeyWarnsWithTheNearestKnownOne() throws IOException {
        Configuration configuration = load(
                "cron:\n  intervall: 5s\n  quartz: {threads: 3}\n  misfire: {gracee: auto}\nfoo: 1\nagent: {model: x}\n",
                Map.of("KAIROS_CRON_PROVIDR", "x", "KAIROS_HOME", "/x", "KAIROS_SOMETHING_ELSE", "y"),
                Map.of("kairos.cron.intervl", "5s", "kairos.soak", "true"));
        assertThat(configuration.warnings())
                .anyMatch(text -> text.contains("cron.intervall") && text.contains("did you mean cron.interval?"))
                .anyMatch(text -> text.contains("cron.misfire.gracee") && text.contains("cron.misfire.grace?"))
                .anyMatch(text -> text.contains("foo is no known key"))
                .anyMatch(text -> text.contains("KAIROS_CRON_PROVIDR") && text.contains("KAIROS_CRON_PROVIDER?"))
                .anyMatch(text -> text.contains("kairos.cron.intervl") && text.contains("cron.interval?"))
                .hasSize(5);
    }

    @Test
    void onlyAFileThatCannotBeParsedStopsTheLoad() {
        for (String broken :
                List.of("cron: [1, 2", "a: b: c", "- just\n- a list", "plain text", "a: 1\na: 2", "\tx: 1")) {
            assertThatThrownBy(() -> load(broken))
                    .as(broken)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("config.yaml");
        }
    }

    @Test
    void aParseErrorNamesTheLineAndQuotesNothing() {
        assertThatThrownBy(() -> load("cron:\n  token: 'hunter2\n  x: y\n"))
                .hasMessageContaining("line ")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void emptyAndCommentedFilesAreFine() throws IOException {
        assertThat(load("").keys()).isEmpty();
        assertThat(load("# nothing\n").keys()).isEmpty();
        assertThat(load("\uFEFFcron:\n  interval: 5s\n").get(ConfigKey.INTERVAL))
                .contains(Duration.ofSeconds(5));
        assertThat(load("cron:\n  interval:\n").get(ConfigKey.INTERVAL)).contains(Duration.ofSeconds(60));
    }

    @Test
    void aHugeOrDeepFileIsRefusedQuickly() {
        assertThatThrownBy(() -> load("#" + "x".repeat(1024 * 1024))).hasMessageContaining("larger than 1 MiB");
        String deep = "{a: ".repeat(5_000) + "1" + "}".repeat(5_000);
        assertThatThrownBy(() -> load(deep)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> load("a: &a [1]\nb: " + "[".repeat(2_000))).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void aSecretOfAPlugInThatOnlyAVariableSetsIsKnownAsOne() throws IOException {
        Map<String, String> variables =
                Map.of("KAIROS_DELIVERY_TELEGRAM_TOKEN", "1:abc", "KAIROS_CRON_INTERVAL", "30s", "OTHER_TOKEN", "x");
        assertThat(secretsOf(load("", variables, Map.of()))).containsExactly("1:abc");
    }

    @Test
    void whateverASecretStandsInIsKnown() throws IOException {
        Files.writeString(home.resolve("db"), "from a file\n");
        Files.writeString(home.resolve("portal"), "portal's own\n");
        Configuration configuration = load(
                "store:\n  url: jdbc:postgresql://h/d?password=${file:db}\nagent:\n  env: {GITHUB_PAT: pat-1234, PGPASSWORD:"
                        + " pg-1234, LANG: en_US.UTF-8}\n  keys: [a]\n  api_key: [one-1234, two-1234]\n  other: x-${MY_TOKEN}\n"
                        + "cron:\n  chronos:\n    token_file: portal\n",
                Map.of("MY_TOKEN", "of the environment"),
                Map.of());
        assertThat(secretsOf(configuration))
                .contains(
                        "from a file",
                        "portal's own",
                        "pat-1234",
                        "pg-1234",
                        "one-1234",
                        "two-1234",
                        "of the environment")
                .doesNotContain("en_US.UTF-8", "portal");
    }

    @Test
    void aSecretThatReplacesAnotherIsKnownBeforeItIsUsed() throws IOException {
        Path file = home.resolve("secret.txt");
        Files.writeString(file, "the former one");
        Configuration configuration = load("delivery:\n  telegram:\n    token: ${file:secret.txt}\n");
        Redactor redactor = new Redactor(List.of());
        configuration.tellSecrets(redactor::learn);
        assertThat(redactor.redact("sent with the former one")).isEqualTo("sent with [redacted]");

        Files.writeString(file, "the new one");
        String used = configuration.at("delivery.telegram").text("token").orElseThrow();

        assertThat(redactor.redact("sent with " + used)).isEqualTo("sent with [redacted]");
        assertThat(redactor.redact("sent with the former one")).isEqualTo("sent with [redacted]");
    }

    private static List<String> secretsOf(Configuration configuration) {
        List<String> secrets = new ArrayList<>();
        configuration.tellSecrets(secrets::addAll);
        return secrets;
    }
}
