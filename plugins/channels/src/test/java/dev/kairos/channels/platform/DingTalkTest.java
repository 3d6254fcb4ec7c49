package dev.kairos.channels.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.channels.RealTime;
import dev.kairos.testkit.StandInPlatform.Reply;
import dev.kairos.testkit.StandInPlatform.Request;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** DingTalk Open Platform, "Custom robots: send messages", "Security settings: signing" (open.dingtalk.com/document). */
final class DingTalkTest extends PlatformTest {
    @Override
    protected String name() {
        return "dingtalk";
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
        return List.of("", "two words", "https://oapi.dingtalk.com/robot/send?access_token=x");
    }

    @Override
    protected Reply confirmation() {
        return Reply.of(200, "{\"errcode\":0,\"errmsg\":\"ok\"}");
    }

    @Override
    protected String receipt() {
        return "";
    }

    @Override
    protected Reply tooOften() {
        return Reply.of(200, "{\"errcode\":130101,\"errmsg\":\"send too fast\"}");
    }

    @Override
    protected Reply unauthorised() {
        return Reply.of(200, "{\"errcode\":310000,\"errmsg\":\"sign not match\"}");
    }

    @Override
    protected Reply unknownAddress() {
        return Reply.of(200, "{\"errcode\":300001,\"errmsg\":\"token is not exist\"}");
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

    @Test
    void theRequestIsTheDocumentedOne() throws Exception {
        Request request = sent("main", "**done**");
        assertThat(request.method()).isEqualTo("POST");
        long now = RealTime.NOW.toEpochMilli();
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(("SEC" + SECRET).getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        String sign = Base64.getEncoder()
                .encodeToString(mac.doFinal((now + "\nSEC" + SECRET).getBytes(StandardCharsets.UTF_8)));
        assertThat(request.target())
                .isEqualTo("/robot/send?access_token=" + SECRET + "&timestamp=" + now + "&sign="
                        + URLEncoder.encode(sign, StandardCharsets.UTF_8));
        assertThat(request.body())
                .isEqualTo("{\"msgtype\":\"markdown\",\"markdown\":{\"title\":\"Backup \u2713\\r\\nX-Evil: 1\","
                        + "\"text\":\"**done**\"}}");
    }
}
