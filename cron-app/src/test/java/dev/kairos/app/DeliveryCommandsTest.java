package dev.kairos.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.builtin.system.SystemEnvironment;
import dev.kairos.testkit.StandInPlatform;
import dev.kairos.testkit.StandInPlatform.Reply;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code targets}, {@code deliver} and {@code deliveries}, and what {@code add} says of targets. */
final class DeliveryCommandsTest {
    private static final String TOKEN = "123456789:S3cr3t-0f-th3-pl4tf0rm";
    private static final Reply TAKEN = Reply.of(200, "{\"ok\":true,\"result\":{\"message_id\":4711}}");

    @TempDir
    Path home;

    private StandInPlatform platform;
    private Cli cli;

    @BeforeEach
    void aHomeWithTelegram() throws IOException {
        platform = new StandInPlatform(new SystemEnvironment());
        Files.writeString(
                home.resolve("config.yaml"),
                "delivery:\n  telegram:\n    url: " + platform.url() + "\n    token: ${TELEGRAM_TOKEN}\n"
                        + "    home: \"-1001234567890\"\n  sms:\n    account: AC1\n");
        cli = Cli.at(home).variable("TELEGRAM_TOKEN", TOKEN);
    }

    @AfterEach
    void hangUp() {
        platform.close();
    }

    @Test
    void targetsSaysWhatIsReadyAndWhatIsLackingAndNoSecret() {
        Cli.Result told = cli.done("targets");
        assertThat(told.out())
                .containsPattern("telegram +yes +-1001234567890")
                .containsPattern("sms +no .*delivery\\.sms\\.token \\(it is not set\\); set token below delivery\\.sms")
                .containsPattern("email +no .*delivery\\.email\\.host")
                .doesNotContain(TOKEN);
        assertThat(cli.done("targets", "telegram").out()).contains("Write telegram:-1001234567890 (a chat id)");
        Map<?, ?> tree = cli.done("targets", "telegram", "--json").json();
        assertThat(tree.toString())
                .contains("ready=true", "home=-1001234567890")
                .doesNotContain(TOKEN);
        cli.run("targets", "pigeon").refusedPlainly(3);
    }

    @Test
    void deliverSendsWordsNowAndNamesTheirReceipt() {
        platform.always(TAKEN);
        assertThat(cli.done("deliver", "telegram", "The disk is **full**").out())
                .contains("delivered", "telegram:-1001234567890", "4711");
        assertThat(platform.request().body()).contains("The disk is <b>full</b>");
        assertThat(cli.input("from **standard** input\n")
                        .done("deliver", "telegram:42", "-", "--json")
                        .json()
                        .toString())
                .contains("delivered=true", "receipts=[4711]");
        cli.done("deliver", "--test", "all");
        assertThat(platform.requests()).hasSize(3);
        assertThat(platform.requests().get(2).body()).contains("<b>Kairos</b> can write here.");
    }

    @Test
    void originWithoutAChatIsTheHomeTargetThatStandsFirstInTheConfiguration() throws IOException {
        String one = "    url: " + platform.url() + "\n    token: t0ken\n    home: ";
        Files.writeString(
                home.resolve("config.yaml"),
                "delivery:\n  telegram:\n" + one + "\"42\"\n  homeassistant:\n" + one + "phone\n  discord:\n" + one
                        + "\"1234567890123456789\"\n");
        platform.always(TAKEN);
        assertThat(cli.done("deliver", "origin", "x").out()).contains("telegram:42");
    }

    @Test
    void aMisspeltPlatformOfTheConfigurationIsSaidByTargetsAndDoctor() throws IOException {
        Files.writeString(
                home.resolve("config.yaml"),
                "delivery:\n  retry_backoff: 1s\n  telegam:\n    token: t0ken\n  wecom:\n    home: main\n");
        String said =
                "delivery.telegam is read by nobody: there is no platform \"telegam\" here; did you mean telegram?";
        assertThat(cli.done("targets").err()).contains(said).doesNotContain("delivery.wecom is");
        assertThat(cli.run("doctor").out()).contains(said).doesNotContain("delivery.wecom is", "retry_backoff");
        assertThat(cli.done("targets", "telegram").err()).isEmpty();
    }

    @Test
    void filesGoBehindTheWordsOrAlone() throws IOException {
        platform.always(TAKEN);
        Path report = Files.writeString(home.resolve("report.csv"), "a,b");
        assertThat(cli.done("deliver", "telegram", "The figures", "--file", report.toString())
                        .out())
                .contains("2 parts");
        assertThat(platform.requests().get(0).body()).contains("The figures");
        assertThat(platform.requests().get(1).target()).endsWith("/sendDocument");
        assertThat(platform.requests().get(1).body()).contains("report.csv", "a,b");

        String twice = report.toString();
        cli.done("deliver", "telegram", "--file", twice, "--file", twice);
        assertThat(platform.requests()).hasSize(4);
    }

    @Test
    void aFileThatCannotBeSentIsSaidBeforeAnythingIsSent() throws IOException {
        platform.always(TAKEN);
        Path huge = home.resolve("huge.bin");
        try (RandomAccessFile sparse = new RandomAccessFile(huge.toFile(), "rw")) {
            sparse.setLength((10L << 20) + 1);
        }
        Path fine = Files.writeString(home.resolve("fine.txt"), "x");
        assertThat(cli.run("deliver", "telegram", "x", "--file", fine.toString(), "--file", huge.toString())
                        .refusedPlainly(2)
                        .err())
                .contains("huge.bin", "it has 11 MiB, and 10 MiB are the most");
        assertThat(cli.run(
                                "deliver",
                                "telegram",
                                "x",
                                "--file",
                                home.resolve("absent").toString())
                        .refusedPlainly(2)
                        .err())
                .contains("there is no such file");
        assertThat(cli.run("deliver", "telegram", "x", "--file", home.toString())
                        .refusedPlainly(2)
                        .err())
                .contains("no regular file");
        List<String> many = new ArrayList<>(List.of("deliver", "telegram", "x"));
        for (int i = 0; i < 11; i++) {
            many.addAll(List.of("--file", fine.toString()));
        }
        assertThat(cli.run(many.toArray(String[]::new)).refusedPlainly(2).err()).contains("no more than 10 files");
        assertThat(platform.requests()).isEmpty();
    }

    @Test
    void aPlatformThatTakesNoFilesGetsTheWordsAndThatIsAFailure() throws IOException {
        Files.writeString(
                home.resolve("config.yaml"),
                "delivery:\n  homeassistant:\n    url: " + platform.url() + "\n    token: t0ken\n    home: phone\n");
        platform.always(Reply.of(200, "[]"));
        Path report = Files.writeString(home.resolve("report.csv"), "a,b");
        Cli.Result told = cli.run("deliver", "homeassistant", "The figures", "--file", report.toString());
        assertThat(told.exit()).isEqualTo(1);
        assertThat(told.out()).contains("homeassistant takes no files; not sent: report.csv");
        assertThat(platform.request().body()).contains("The figures");
    }

    @Test
    void whatDoesNotArriveIsSaidWithWhatToMendAndWithoutTheToken() {
        platform.always(Reply.of(401, "{\"ok\":false,\"description\":\"Unauthorized: " + TOKEN + "\"}"));
        Cli.Result told = cli.run("deliver", "telegram", "x");
        assertThat(told.exit()).isEqualTo(1);
        assertThat(told.out())
                .contains("not delivered", "telegram answered 401", "check the token in delivery.telegram")
                .doesNotContain(TOKEN);
        assertThat(told.err()).doesNotContain(TOKEN);
    }

    @Test
    void aTargetThatCannotBeIsRefusedWithARightExample() {
        assertThat(cli.run("deliver", "telegram:ann", "x").refusedPlainly(2).err())
                .contains("telegram:-1001234567890");
        assertThat(cli.run("add", "every 2h", "--script", "a.sh", "--no-agent", "--deliver", "telegram:ann")
                        .refusedPlainly(2)
                        .err())
                .contains("no address of telegram", "telegram:-1001234567890 (a chat id)");
        assertThat(cli.run("add", "every 2h", "--script", "a.sh", "--no-agent", "--deliver", "slack:#ops")
                        .refusedPlainly(2)
                        .err())
                .contains(
                        "slack is not configured here",
                        "set token below delivery.slack, for example to ${SLACK_BOT_TOKEN}");
        cli.done("add", "every 2h", "--script", "a.sh", "--no-agent", "--deliver", "telegram:@mychannel:7");
    }

    /** The daemon has the variable, and the shell in which a job is made need not. */
    @Test
    void aJobIsMadeInAShellWithoutTheToken() {
        Cli.at(home).done("add", "every 2h", "--script", "a.sh", "--no-agent", "--deliver", "telegram:42");
    }

    @Test
    void aLostMessageIsListedAndSentAgainOnRequest() throws Exception {
        Files.createDirectories(home.resolve("scripts"));
        Files.writeString(home.resolve("scripts").resolve("hello.sh"), "echo ran >> '" + home + "/ran'\necho hello\n");
        cli.done("add", "1s", "--script", "hello.sh", "--no-agent", "--name", "hello", "--deliver", "telegram");
        platform.always(Reply.of(
                403, "{\"ok\":false,\"error_code\":403,\"description\":\"Forbidden: bot was blocked by the user\"}"));
        new SystemEnvironment().sleep(Duration.ofMillis(1_100));
        cli.run("tick");
        assertThat(cli.done("deliveries", "--failed").out())
                .contains("hello", "telegram:-1001234567890", "failed", "blocked");
        List<?> lost =
                (List<?>) cli.done("deliveries", "--failed", "--json").json().get("deliveries");
        String execution = String.valueOf(((Map<?, ?>) lost.get(0)).get("execution"));

        assertThat(cli.done("list", "--all").out()).containsPattern("LAST +DELIVERY\n.*ok +failed");

        cli.run("deliveries", "retry", "nothing-like-it").refusedPlainly(3);
        platform.always(TAKEN);
        assertThat(cli.done("deliveries", "retry", execution.substring(0, 8)).out())
                .contains("waits to be sent to telegram:-1001234567890");
        cli.done("tick");
        assertThat(cli.done("deliveries", "--json").json().toString()).contains("state=delivered", "receipts=[4711]");
        assertThat(cli.done("deliveries", "--failed").out()).contains("Nothing failed.");
        assertThat(Files.readAllLines(home.resolve("ran"))).hasSize(1);
        cli.run("deliveries", "retry", execution).refusedPlainly(3);
    }
}
