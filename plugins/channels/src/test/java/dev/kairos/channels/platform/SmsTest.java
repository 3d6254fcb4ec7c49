package dev.kairos.channels.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.testkit.StandInPlatform.Reply;
import dev.kairos.testkit.StandInPlatform.Request;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Twilio Programmable Messaging, "Create a Message resource", "Error and Warning Dictionary" (twilio.com/docs); 3GPP TS 23.038. */
final class SmsTest extends PlatformTest {
    @Override
    protected String name() {
        return "sms";
    }

    @Override
    protected Map<String, String> settings(String url) {
        return Map.of("url", url, "account", "AC0123", "token", SECRET, "from", "+48111222333", "max_parts", "999");
    }

    @Override
    protected List<String> secrets() {
        return List.of(SECRET);
    }

    @Override
    protected List<String> addresses() {
        return List.of("+48123456789");
    }

    @Override
    protected List<String> wrongAddresses() {
        return List.of("", "48123456789", "+0", "ann");
    }

    @Override
    protected Reply confirmation() {
        return Reply.of(201, "{\"sid\":\"SM87105da94bff44b999e4e6eb90d8eb6a\",\"status\":\"queued\"}");
    }

    @Override
    protected String receipt() {
        return "SM87105da94bff44b999e4e6eb90d8eb6a";
    }

    @Override
    protected Reply unauthorised() {
        return Reply.of(401, "{\"code\":20003,\"message\":\"Authenticate\",\"status\":401}");
    }

    @Override
    protected Reply unknownAddress() {
        return Reply.of(400, "{\"code\":21211,\"message\":\"Invalid 'To' Phone Number\",\"status\":400}");
    }

    @Override
    protected int sizeOf(String part) {
        return segments(part);
    }

    @Override
    protected int limit() {
        return 11;
    }

    /** Twilio bills 153 septets or 67 UTF-16 units each; the report holds emoji, so most parts are of the second kind. */
    private static int segments(String part) {
        boolean isBasic = part.chars().allMatch(c -> c < 0x7f && "`^{}[]~|\\".indexOf(c) < 0);
        return (part.length() + (isBasic ? 152 : 66)) / (isBasic ? 153 : 67);
    }

    @Test
    void theRequestIsTheDocumentedOne() throws Exception {
        Request request = sent("+48123456789", "**done** & [page](https://x.org)");
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.target()).isEqualTo("/2010-04-01/Accounts/AC0123/Messages.json");
        assertThat(request.headers())
                .containsEntry("content-type", "application/x-www-form-urlencoded")
                .containsEntry(
                        "authorization",
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString(("AC0123:" + SECRET).getBytes(StandardCharsets.UTF_8)));
        assertThat(request.body())
                .isEqualTo("To=%2B48123456789&From=%2B48111222333&Body=done%20%26%20page%20%28https%3A%2F%2Fx.org%29");
    }

    @Test
    void noPartIsLongerThanTwilioTakes() {
        assertThat(channel().parts("word ".repeat(2_000))).allMatch(part -> part.length() <= 1_600);
        assertThat(channel().parts("\u0394\u20ac{} ".repeat(2_000))).allMatch(part -> part.length() <= 1_600);
    }

    @Test
    void aTextOfMoreThanTenMessagesEndsWithWhereToReadOn() {
        var channel = openWith(Map.of("account", "AC0123", "token", SECRET, "from", "+48111222333"));
        String text = "word ".repeat(6_000);
        int whole = channel().parts(text).size();
        List<String> parts = channel.parts(text);
        assertThat(parts).hasSize(10);
        assertThat(parts.subList(0, 9)).isEqualTo(channel().parts(text).subList(0, 9));
        assertThat(parts.get(9))
                .isEqualTo((whole - 9) + " more messages of this text are not sent. Read it whole with: kairos output");
    }
}
