package dev.kairos.channels.platform;

import static org.assertj.core.api.Assertions.assertThat;

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

/** Feishu Open Platform, "Custom bot usage guide", "Signature verification", "Message card: markdown" (open.feishu.cn/document). */
final class FeishuTest extends PlatformTest {
    @Override
    protected String name() {
        return "feishu";
    }

    @Override
    protected Map<String, String> settings(String url) {
        return Map.of("url", url, "robots.main.token", SECRET, "robots.main.secret", "SEC" + SECRET);
    }

    @Override
    protected List<String> secrets() {
        return List.of(SECRET);
    }

    @Override
    protected List<String> addresses() {
        return List.of("main");
    }

    @Override
    protected List<String> wrongAddresses() {
        return List.of("", "two words");
    }

    @Override
    protected Reply confirmation() {
        return Reply.of(200, "{\"code\":0,\"msg\":\"success\",\"data\":{}}");
    }

    @Override
    protected String receipt() {
        return "";
    }

    @Override
    protected Reply unauthorised() {
        return Reply.of(200, "{\"code\":19021,\"msg\":\"sign match fail or timestamp is not within one hour\"}");
    }

    @Override
    protected Reply unknownAddress() {
        return Reply.of(400, "{\"code\":19001,\"msg\":\"param invalid: incoming webhook access token invalid\"}");
    }

    @Override
    protected int sizeOf(String part) {
        return part.getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    protected int limit() {
        return 20000;
    }

    @Override
    protected boolean hasFences() {
        return true;
    }

    /** "Custom bot usage guide": such a tag calls everybody in the group. */
    @Test
    void aReportCallsNobody() {
        assertThat(channel().parts("<at id=all></at> a < b, 1 <2 `<at id=all></at>`"))
                .containsExactly("<\u200bat id=all><\u200b/at> a < b, 1 <2 `<at id=all></at>`");
    }

    @Test
    void theRequestIsTheDocumentedOne() throws Exception {
        Request request = sent("main", "**done**");
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.target()).isEqualTo("/open-apis/bot/v2/hook/" + SECRET);
        long now = RealTime.NOW.getEpochSecond();
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec((now + "\nSEC" + SECRET).getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        String sign = Base64.getEncoder().encodeToString(mac.doFinal(new byte[0]));
        assertThat(request.body())
                .isEqualTo("{\"timestamp\":\"" + now + "\",\"sign\":\"" + sign + "\",\"msg_type\":\"interactive\","
                        + "\"card\":{\"elements\":[{\"tag\":\"markdown\",\"content\":\"**done**\"}]}}");
    }
}
