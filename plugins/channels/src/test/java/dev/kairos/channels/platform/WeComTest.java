package dev.kairos.channels.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.testkit.StandInPlatform.Reply;
import dev.kairos.testkit.StandInPlatform.Request;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** WeCom developer centre, "Group robot configuration", "Global error codes" (developer.work.weixin.qq.com/document). */
final class WeComTest extends PlatformTest {
    @Override
    protected String name() {
        return "wecom";
    }

    @Override
    protected Map<String, String> settings(String url) {
        return Map.of("url", url, "robots.main.token", SECRET);
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
        return Reply.of(200, "{\"errcode\":0,\"errmsg\":\"ok\"}");
    }

    @Override
    protected String receipt() {
        return "";
    }

    @Override
    protected Reply tooOften() {
        return Reply.of(200, "{\"errcode\":45009,\"errmsg\":\"api freq out of limit\"}");
    }

    @Override
    protected Reply unauthorised() {
        return Reply.of(200, "{\"errcode\":93000,\"errmsg\":\"invalid webhook url\"}");
    }

    @Override
    protected Reply unknownAddress() {
        return Reply.of(200, "{\"errcode\":40001,\"errmsg\":\"invalid credential\"}");
    }

    @Override
    protected int sizeOf(String part) {
        return part.getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    protected int limit() {
        return 4096;
    }

    @Override
    protected boolean hasFences() {
        return true;
    }

    @Test
    void theRequestIsTheDocumentedOne() throws Exception {
        Request request = sent("main", "**done**");
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.target()).isEqualTo("/cgi-bin/webhook/send?key=" + SECRET);
        assertThat(request.body()).isEqualTo("{\"msgtype\":\"markdown\",\"markdown\":{\"content\":\"**done**\"}}");
    }
}
