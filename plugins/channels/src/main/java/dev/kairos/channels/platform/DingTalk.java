package dev.kairos.channels.platform;

import dev.kairos.api.delivery.DeliveryMessage;
import dev.kairos.api.env.Environment;
import dev.kairos.channels.Keys;
import dev.kairos.channels.Lookup;
import dev.kairos.channels.Refusal;
import dev.kairos.channels.http.Answer;
import dev.kairos.channels.http.HttpCall;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** DingTalk's custom robot, signed where its secret is configured. It answers 200 to what it refuses. */
final class DingTalk extends Robot {
    private static final Duration AFTER_TOO_MANY = Duration.ofMinutes(10);

    private final Environment environment;
    private final String url;

    DingTalk(Keys keys, Environment environment) {
        super("dingtalk", keys, 18_000);
        this.environment = environment;
        this.url = keys.url("url", "https://oapi.dingtalk.com");
    }

    @Override
    protected HttpCall call(DeliveryMessage message, Lookup lookup) {
        Keys robot = robot(message.address());
        String token = robot.required("token", "${DINGTALK_TOKEN}");
        String signed = robot.text("secret").map(this::signature).orElse("");
        Map<String, Object> markdown = new LinkedHashMap<>();
        markdown.put("title", message.jobName());
        markdown.put("text", message.text());
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("msgtype", "markdown");
        body.put("markdown", markdown);
        return HttpCall.post(URI.create(url + "/robot/send?access_token=" + HttpCall.encoded(token) + signed))
                .json(body);
    }

    private String signature(String secret) {
        long now = environment.now().toEpochMilli();
        String sign = Digest.hmac(secret.getBytes(StandardCharsets.UTF_8), now + "\n" + secret);
        return "&timestamp=" + now + "&sign=" + HttpCall.encoded(sign);
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
            case "130101", "130103", "410100" -> Refusal.later(Optional.of(AFTER_TOO_MANY));
            case "310000", "300001", "300005", "400013", "400101", "400102" -> Refusal.terminal(mendUnauthorised());
            default -> Refusal.terminal("it will not take this message as it is");
        });
    }
}
