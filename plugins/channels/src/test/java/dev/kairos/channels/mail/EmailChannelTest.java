package dev.kairos.channels.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.icegreen.greenmail.configuration.GreenMailConfiguration;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.kairos.api.InvalidInputException;
import dev.kairos.api.Settings;
import dev.kairos.api.delivery.Attachment;
import dev.kairos.api.delivery.ChannelContext;
import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.delivery.DeliveryException;
import dev.kairos.api.delivery.DeliveryException.Kind;
import dev.kairos.api.delivery.DeliveryMessage;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.env.Environment;
import dev.kairos.channels.RealTime;
import dev.kairos.testkit.DeliveryChannelContract;
import dev.kairos.testkit.DeliveryStory;
import dev.kairos.testkit.ManualEnvironment;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** RFC 5321 (SMTP), RFC 3207 (STARTTLS), RFC 5322 (mail), RFC 3834 (Auto-Submitted), against GreenMail and a stand-in. */
final class EmailChannelTest extends DeliveryChannelContract {
    private static final String PASSWORD = "S3cr3t-0f-th3-pl4tf0rm";

    @TempDir
    static Path folder;

    private static Path keyStore;

    private final Environment environment = new RealTime();

    @Override
    protected Environment environment() {
        return environment;
    }

    @Override
    protected DeliveryChannel channel() {
        return open(Map.of("host", "localhost", "from", "kairos@example.org"));
    }

    private DeliveryChannel open(Map<String, String> values) {
        return open(values, environment);
    }

    private static DeliveryChannel open(Map<String, String> values, Environment within) {
        Settings settings = settings("email", values);
        return new MailChannels().open("email", new ChannelContext() {
            @Override
            public Settings settings() {
                return settings;
            }

            @Override
            public Environment environment() {
                return within;
            }
        });
    }

    @Override
    protected List<String> addresses() {
        return List.of("ann@example.org", "a.b+c@sub.example.org");
    }

    @Override
    protected List<String> wrongAddresses() {
        return List.of("", "ann", "ann@", "a b@example.org", "Ann <ann@example.org>", "a@x.org,b@x.org");
    }

    @Override
    protected int sizeOf(String part) {
        return part.length();
    }

    /** Mail has none of its own; servers take 10 MiB and more. */
    @Override
    protected int limit() {
        return 10 * 1024 * 1024;
    }

    private static DeliveryMessage message(String address) {
        return new DeliveryMessage(
                address,
                "# Done\n\n* **all** <b>well</b>\n\n| a | b |\n|---|---|\n| 1 | 2 |",
                "k/1",
                "Backup \u2713\r\nBcc: eve@x.org");
    }

    @Test
    void aMailCarriesPlainWordsAndHtmlOverTlsToAServerThatKnowsUs() throws Exception {
        GreenMail server = new GreenMail(new ServerSetup(0, "localhost", ServerSetup.PROTOCOL_SMTPS))
                .withConfiguration(GreenMailConfiguration.aConfig().withUser("robot@x.org", "robot", PASSWORD));
        server.start();
        try {
            DeliveryChannel channel = open(secure(server.getSmtps().getPort(), PASSWORD));
            String receipt = channel.send(message("ann@example.org"));
            assertThat(channel.send(message("ann@example.org"))).isEqualTo(receipt);
            MimeMessage mail = server.getReceivedMessages()[0];
            assertThat(mail.getMessageID()).isEqualTo(receipt).matches("<kairos-[0-9a-f]{32}@example\\.org>");
            assertThat(mail.getSubject()).isEqualTo("Backup \u2713 Bcc: eve@x.org");
            assertThat(mail.getHeader("Bcc")).isNull();
            assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");
            assertThat(mail.getHeader("Date")).containsExactly("Fri, 15 Jan 2027 09:00:00 +0000");
            assertThat(mail.getAllRecipients()).hasSize(1);
            MimeMultipart parts = (MimeMultipart) mail.getContent();
            assertThat(parts.getContentType()).startsWith("multipart/alternative");
            assertThat(parts.getBodyPart(0).getContent().toString().replace("\r\n", "\n"))
                    .contains("Done\n\n\u2022 all <b>well</b>\n\na  b\n-  -\n1  2");
            assertThat(parts.getBodyPart(1).getContent().toString())
                    .contains("<h1>Done</h1>", "<strong>all</strong> &lt;b&gt;well&lt;/b&gt;", "<td>1</td>");
        } finally {
            server.stop();
        }
    }

    @Test
    void aFileIsAttachedToAMailOfItsOwn() throws Exception {
        GreenMail server = new GreenMail(new ServerSetup(0, "localhost", ServerSetup.PROTOCOL_SMTPS))
                .withConfiguration(GreenMailConfiguration.aConfig().withUser("robot@x.org", "robot", PASSWORD));
        server.start();
        try {
            byte[] bytes = new byte[100_000];
            new java.util.Random(4711).nextBytes(bytes);
            Attachment file = Attachment.of("r\u00e9sum\u00e9 1.pdf", "application/pdf", bytes);
            DeliveryMessage message =
                    new DeliveryMessage("ann@example.org", file.name(), "k/1#2", "Backup", Optional.of(file));
            open(secure(server.getSmtps().getPort(), PASSWORD)).send(message);
            MimeMultipart parts = (MimeMultipart) server.getReceivedMessages()[0].getContent();
            assertThat(parts.getContentType()).startsWith("multipart/mixed");
            assertThat(parts.getBodyPart(0).getContentType()).startsWith("multipart/alternative");
            assertThat(parts.getBodyPart(1).getContentType()).startsWith("application/pdf");
            assertThat(parts.getBodyPart(1).getDisposition()).isEqualTo("attachment");
            assertThat(parts.getBodyPart(1).getFileName()).isEqualTo("r\u00e9sum\u00e9 1.pdf");
            assertThat(parts.getBodyPart(1).getInputStream().readAllBytes()).isEqualTo(bytes);
        } finally {
            server.stop();
        }
    }

    @Test
    void aWrongPasswordIsRefusedForGoodAndNotShown() throws Exception {
        GreenMail server = new GreenMail(new ServerSetup(0, "localhost", ServerSetup.PROTOCOL_SMTPS))
                .withConfiguration(GreenMailConfiguration.aConfig().withUser("robot@x.org", "robot", PASSWORD));
        server.start();
        try {
            DeliveryException refusal = refusal(secure(server.getSmtps().getPort(), "wr0ng-S3cr3t"), "ann@example.org");
            assertThat(refusal.kind()).isEqualTo(Kind.TERMINAL);
            assertThat(refusal).hasMessageContaining("delivery.email.password");
            assertThat(refusal.getMessage()).doesNotContain("wr0ng-S3cr3t");
        } finally {
            server.stop();
        }
    }

    @Test
    void aServerWhoseCertificateNobodyVouchesForGetsNothing() {
        GreenMail server = new GreenMail(new ServerSetup(0, "localhost", ServerSetup.PROTOCOL_SMTPS));
        server.start();
        try {
            Map<String, String> values = new HashMap<>(secure(server.getSmtps().getPort(), PASSWORD));
            values.remove("ca_certificate");
            DeliveryException refusal = refusal(values, "ann@example.org");
            assertThat(refusal.kind()).isEqualTo(Kind.TRANSIENT);
            assertThat(refusal).hasMessageContaining("certificate");
            assertThat(server.getReceivedMessages()).isEmpty();
        } finally {
            server.stop();
        }
    }

    /** A server that speaks in the open until it is asked for TLS, with a name and a password that it knows. */
    private static GreenMail knowing() {
        GreenMail server = new GreenMail(new ServerSetup(0, "localhost", ServerSetup.PROTOCOL_SMTP))
                .withConfiguration(GreenMailConfiguration.aConfig().withUser("robot@x.org", "robot", PASSWORD));
        server.start();
        return server;
    }

    private static Map<String, String> starttls(StartTlsDoor door, String password) {
        Map<String, String> values = new HashMap<>(secure(door.port(), password));
        values.remove("security"); // STARTTLS is what is done unless told otherwise
        return values;
    }

    @Test
    void underStarttlsNothingOfAMailIsSaidInTheOpen() throws Exception {
        GreenMail server = knowing();
        try (StartTlsDoor door = new StartTlsDoor(server.getSmtp().getPort(), keyStore)) {
            String receipt = open(starttls(door, PASSWORD)).send(message("ann@example.org"));
            assertThat(server.getReceivedMessages()).hasSize(1);
            assertThat(server.getReceivedMessages()[0].getMessageID()).isEqualTo(receipt);
            assertThat(door.inTheOpen()).hasSize(2).first().asString().startsWith("EHLO");
            assertThat(door.inTheOpen().get(1)).isEqualTo("STARTTLS");
        } finally {
            server.stop();
        }
    }

    @Test
    void underStarttlsAWrongPasswordIsRefusedForGood() throws Exception {
        GreenMail server = knowing();
        try (StartTlsDoor door = new StartTlsDoor(server.getSmtp().getPort(), keyStore)) {
            DeliveryException refusal = refusal(starttls(door, "wr0ng-S3cr3t"), "ann@example.org");
            assertThat(refusal.kind()).isEqualTo(Kind.TERMINAL);
            assertThat(refusal).hasMessageContaining("delivery.email.password");
            assertThat(refusal.getMessage()).doesNotContain("wr0ng-S3cr3t");
            assertThat(server.getReceivedMessages()).isEmpty();
        } finally {
            server.stop();
        }
    }

    @Test
    void underStarttlsACertificateThatNobodyVouchesForGetsNothing() throws Exception {
        GreenMail server = knowing();
        try (StartTlsDoor door = new StartTlsDoor(server.getSmtp().getPort(), keyStore)) {
            Map<String, String> values = starttls(door, PASSWORD);
            values.remove("ca_certificate");
            DeliveryException refusal = refusal(values, "ann@example.org");
            assertThat(refusal.kind()).isEqualTo(Kind.TRANSIENT);
            assertThat(refusal).hasMessageContaining("certificate");
            assertThat(door.inTheOpen()).noneMatch(said -> said.startsWith("AUTH") || said.startsWith("MAIL"));
            assertThat(server.getReceivedMessages()).isEmpty();
        } finally {
            server.stop();
        }
    }

    /** The door's certificate is that of localhost. */
    @Test
    void aCertificateOfAnotherNameIsRefused() throws Exception {
        GreenMail server = knowing();
        try (StartTlsDoor door = new StartTlsDoor(server.getSmtp().getPort(), keyStore)) {
            Map<String, String> values = starttls(door, PASSWORD);
            values.put("host", "127.0.0.1");
            assertThat(refusal(values, "ann@example.org").kind()).isEqualTo(Kind.TRANSIENT);
            assertThat(server.getReceivedMessages()).isEmpty();
        } finally {
            server.stop();
        }
    }

    @Test
    void aBadRecipientAmongGoodOnesIsRefusedAlone() throws Exception {
        try (var server = new StandInMailServer(Map.of(
                "RCPT TO:<bad@example.org>", "550 5.1.1 no such user",
                "RCPT TO:<busy@example.org>", "450 4.2.1 try again later"))) {
            Map<String, String> values = plain(server);
            assertThat(open(values).send(message("ann@example.org"))).isNotEmpty();
            DeliveryException bad = refusal(values, "bad@example.org");
            assertThat(bad.kind()).isEqualTo(Kind.TERMINAL);
            assertThat(bad).hasMessageContaining("no such user");
            assertThat(refusal(values, "busy@example.org").kind()).isEqualTo(Kind.TRANSIENT);
            assertThat(open(values).send(message("bob@example.org"))).isNotEmpty();
            assertThat(server.commands()).contains("MAIL FROM:<kairos@example.org>", "RCPT TO:<bob@example.org>");
        }
    }

    @Test
    void whatTheServerSaysDecidesWhetherToTryAgain() {
        assertThat(kindWhen("connect", "421 4.3.2 too many connections")).isEqualTo(Kind.TRANSIENT);
        assertThat(kindWhen("MAIL", "451 4.3.0 later")).isEqualTo(Kind.TRANSIENT);
        assertThat(kindWhen("MAIL", "550 5.7.1 not you")).isEqualTo(Kind.TERMINAL);
        assertThat(kindWhen("DATA", "452 4.3.1 disk full")).isEqualTo(Kind.TRANSIENT);
        assertThat(kindWhen(".", "552 5.3.4 too big")).isEqualTo(Kind.TERMINAL);
        assertThat(kindWhen(".", "")).as("cut after the mail").isEqualTo(Kind.UNKNOWN_FATE);
        assertThat(kindWhen(".", "hang")).as("no answer to the mail").isEqualTo(Kind.UNKNOWN_FATE);
        assertThat(kindWhen("connect", "")).as("cut at once").isEqualTo(Kind.TRANSIENT);
    }

    private Kind kindWhen(String command, String reply) {
        try (var server = new StandInMailServer(Map.of(command, reply))) {
            return refusal(plain(server), "ann@example.org").kind();
        }
    }

    @Test
    void aLostMailArrivesFromTheKeptOutputWithoutAnotherRun(@TempDir Path home) {
        Map<String, String> replies = new ConcurrentHashMap<>(Map.of("connect", "421 4.3.2 too many connections"));
        try (var server = new StandInMailServer(replies);
                DeliveryStory story = story(home, server).pass()) {
            replies.remove("connect");
            replies.put("MAIL", "451 4.3.0 later");
            assertThat(story.untilItIsTriedAgain()).isEqualTo(Duration.ofSeconds(60));
            replies.remove("MAIL");
            replies.put("DATA", "452 4.3.1 disk full");
            assertThat(story.untilItIsTriedAgain()).isEqualTo(Duration.ofSeconds(300));
            replies.remove("DATA");
            assertThat(story.untilItIsTriedAgain()).isEqualTo(Duration.ofSeconds(1_800));
            assertThat(story.envelope().state()).isEqualTo(EnvelopeState.DELIVERED);
            assertThat(story.runs()).isEqualTo(1);
        }
    }

    @Test
    void aMailboxThatIsNotThereEndsItAtOnceAndSaysWhatToMend(@TempDir Path home) {
        try (var server = new StandInMailServer(Map.of("RCPT", "550 5.1.1 no such user"));
                DeliveryStory story = story(home, server).pass()) {
            assertThat(story.envelope().state()).isEqualTo(EnvelopeState.FAILED);
            assertThat(story.lastDelivery()).startsWith("failed ").contains("no such user", "check the address");
            assertThat(server.commands())
                    .filteredOn(said -> said.startsWith("RCPT"))
                    .hasSize(1);
        }
    }

    private static DeliveryStory story(Path home, StandInMailServer server) {
        ManualEnvironment time = DeliveryStory.time();
        return new DeliveryStory(time, home, open(plain(server), time), "email:ann@example.org", "All is **well**.");
    }

    @Test
    void aServerThatIsNotThereWasSentNothing() {
        int port;
        try (var server = new StandInMailServer(Map.of())) {
            port = server.port();
        }
        Map<String, String> values =
                Map.of("host", "localhost", "port", Integer.toString(port), "from", "k@x.org", "security", "none");
        assertThat(refusal(values, "ann@example.org").kind()).isEqualTo(Kind.TRANSIENT);
    }

    @Test
    void aServerWithoutStarttlsIsNotSpokenToInTheOpen() {
        try (var server = new StandInMailServer(Map.of())) {
            Map<String, String> values = new HashMap<>(plain(server));
            values.remove("security");
            DeliveryException refusal = refusal(values, "ann@example.org");
            assertThat(refusal.kind()).isEqualTo(Kind.TERMINAL);
            assertThat(refusal).hasMessageContaining("STARTTLS");
            assertThat(server.commands()).noneMatch(command -> command.startsWith("MAIL"));
        }
    }

    @Test
    void aPasswordIsNeverSentInTheOpen() {
        try (var server = new StandInMailServer(Map.of())) {
            Map<String, String> values = new HashMap<>(plain(server));
            values.put("user", "robot");
            values.put("password", PASSWORD);
            assertThat(refusal(values, "ann@example.org").kind()).isEqualTo(Kind.TERMINAL);
            assertThat(server.commands()).isEmpty();
        }
    }

    @Test
    void withoutAServerItSaysWhatToWrite() {
        assertThatThrownBy(() -> open(Map.of()))
                .isInstanceOfSatisfying(
                        InvalidInputException.class,
                        refusal -> assertThat(refusal.accepted())
                                .isEqualTo("set host below delivery.email, for example to smtp.example.org"));
    }

    private DeliveryException refusal(Map<String, String> values, String address) {
        var refusal =
                catchThrowableOfType(DeliveryException.class, () -> open(values).send(message(address)));
        assertThat(refusal).as("the channel's word on it").isNotNull();
        return refusal;
    }

    private static Map<String, String> plain(StandInMailServer server) {
        return Map.of(
                "host", "localhost",
                "port", Integer.toString(server.port()),
                "from", "kairos@example.org",
                "security", "none",
                "timeout", Duration.ofSeconds(2).toSeconds() + "s");
    }

    private static Map<String, String> secure(int port, String password) {
        return Map.of(
                "host", "localhost",
                "port", Integer.toString(port),
                "from", "Kairos <kairos@example.org>",
                "security", "tls",
                "user", "robot",
                "password", password,
                "ca_certificate", certificateOfGreenMail());
    }

    /** GreenMail's own certificate names no host, and a certificate of another name is refused, as it should be. */
    @BeforeAll
    static void aCertificateForThisHost() throws Exception {
        keyStore = folder.resolve("mail.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "mail",
                        "-keyalg",
                        "RSA",
                        "-keysize",
                        "2048",
                        "-validity",
                        "30",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        keyStore.toString(),
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .start();
        assertThat(new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8) + keytool.waitFor())
                .endsWith("0");
        System.setProperty("greenmail.tls.keystore.file", keyStore.toString());
        System.setProperty("greenmail.tls.keystore.password", "changeit");
    }

    private static String certificateOfGreenMail() {
        try (InputStream store = Files.newInputStream(keyStore)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(store, "changeit".toCharArray());
            Certificate certificate = keys.getCertificate("mail");
            return "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
