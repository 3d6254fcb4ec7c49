package dev.kairos.channels.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kairos.api.delivery.DeliveryException;
import dev.kairos.api.delivery.DeliveryException.Kind;
import dev.kairos.api.delivery.DeliveryMessage;
import dev.kairos.channels.RealTime;
import dev.kairos.testkit.StandInPlatform.Reply;
import dev.kairos.testkit.StandInPlatform.Request;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** Standard Webhooks 1.0.0, "Signature scheme" (standardwebhooks.com). */
final class WebhookTest extends PlatformTest {
    private static final byte[] KEY = "twenty-four bytes of key".getBytes(StandardCharsets.UTF_8);
    private static final String WHSEC = "whsec_" + Base64.getEncoder().encodeToString(KEY);

    @Override
    protected String name() {
        return "webhook";
    }

    @Override
    protected Map<String, String> settings(String url) {
        return Map.of(
                "allow_private",
                "true",
                "hooks.alerts.secret_url",
                url + "/hooks/" + SECRET,
                "hooks.alerts.secret",
                WHSEC);
    }

    @Override
    protected List<String> secrets() {
        return List.of(SECRET, WHSEC);
    }

    @Override
    protected List<String> addresses() {
        return List.of("alerts", "https://example.org/hooks/kairos");
    }

    @Override
    protected List<String> wrongAddresses() {
        return List.of("", "ftp://example.org", "https://user:pw@example.org/", "two words");
    }

    @Override
    protected Reply confirmation() {
        return Reply.of(202, "{\"id\":\"evt_1\"}");
    }

    @Override
    protected String receipt() {
        return "evt_1";
    }

    @Override
    protected boolean isAnyYesAConfirmation() {
        return true;
    }

    @Override
    protected int sizeOf(String part) {
        return part.length();
    }

    @Override
    protected int limit() {
        return 1024 * 1024;
    }

    @Test
    void theRequestIsSignedAsDocumented() throws Exception {
        Request request = sent("alerts", "**done**");
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.target()).isEqualTo("/hooks/" + SECRET);
        assertThat(request.body()).contains("\"text\":\"**done**\"").startsWith("{\"id\":\"msg_");
        String seconds = Long.toString(RealTime.NOW.getEpochSecond());
        assertThat(request.headers()).containsEntry("webhook-timestamp", seconds);
        String id = request.headers().get("webhook-id");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
        byte[] expected = mac.doFinal((id + "." + seconds + "." + request.body()).getBytes(StandardCharsets.UTF_8));
        assertThat(request.headers())
                .containsEntry("webhook-signature", "v1," + Base64.getEncoder().encodeToString(expected));
    }

    @Test
    void aJobReachesNoAddressOfThisMachineNorOfItsNetwork() {
        platform().always(confirmation());
        var guarded = openWith(Map.of());
        String port = platform().url().replaceFirst(".*:", ":");
        for (String host : List.of(
                "127.0.0.1",
                "localhost",
                "[::1]",
                "[::ffff:127.0.0.1]",
                "0.0.0.0",
                "10.0.0.1",
                "192.168.1.1",
                "172.16.0.1",
                "169.254.169.254",
                "100.64.0.1",
                "[fe80::1]",
                "[fc00::1]",
                "2130706433",
                "0x7f.1")) {
            var refusal = catchThrowableOfType(
                    DeliveryException.class,
                    () -> guarded.send(new DeliveryMessage("http://" + host + port + "/x", "x", "k", "j")));
            assertThat(refusal).as(host).isNotNull();
        }
        var refusal = catchThrowableOfType(
                DeliveryException.class,
                () -> guarded.send(new DeliveryMessage("http://127.0.0.1" + port + "/x", "x", "k", "j")));
        assertThat(refusal.kind()).isEqualTo(Kind.TERMINAL);
        assertThat(refusal).hasMessageContaining("allow_private");
        assertThat(platform().requests()).isEmpty();
    }

    @Test
    void aFileIsAMessageOfItsOwnWithItsBytesInBase64() throws Exception {
        Request request = sentFile(address(), "a.csv", "text/csv", "a,b\n").get(0);
        assertThat(request.body())
                .endsWith("\"job\":\"Backup\",\"text\":\"a.csv\",\"file\":{\"name\":\"a.csv\","
                        + "\"media_type\":\"text/csv\",\"base64\":\"YSxiCg==\"}}");
    }
}
