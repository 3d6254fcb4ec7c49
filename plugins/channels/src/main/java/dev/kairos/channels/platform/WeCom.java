package dev.kairos.channels.platform;

import dev.kairos.api.delivery.DeliveryMessage;
import dev.kairos.channels.Keys;
import dev.kairos.channels.Lookup;
import dev.kairos.channels.Refusal;
import dev.kairos.channels.http.Answer;
import dev.kairos.channels.http.HttpCall;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** WeCom's group robot: Markdown of 4,096 bytes at most. It answers 200 to what it refuses. */
final class WeCom extends Robot {
    private final String url;

    WeCom(Keys keys) {
        super("wecom", keys, 4096);
        this.url = keys.url("url", "https://qyapi.weixin.qq.com");
    }

    @Override
    protected HttpCall call(DeliveryMessage message, Lookup lookup) {
        String token = robot(message.address()).required("token", "${WECOM_TOKEN}");
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("msgtype", "markdown");
        body.put("markdown", Map.of("content", message.text()));
        return HttpCall.post(URI.create(url + "/cgi-bin/webhook/send?key=" + HttpCall.encoded(token)))
                .json(body);
    }

    /** It names no message. */
    @Override
    protected Optional<String> receipt(Answer answer) {
        return answer.field("errcode").filter("0"::equals).map(ok -> "");
    }

    @Override
    protected Optional<Refusal> refusal(Answer answer) {
        return answer.field("errcode").filter(code -> !code.equals("0")).map(code -> switch (code) {
            case "-1" -> Refusal.later(Optional.empty());
            case "45009", "45033" -> Refusal.later(Optional.of(Duration.ofMinutes(1)));
            case "93000", "40001", "40014", "42001" -> Refusal.terminal(mendUnauthorised());
            default -> Refusal.terminal("it will not take this message as it is");
        });
    }
}
