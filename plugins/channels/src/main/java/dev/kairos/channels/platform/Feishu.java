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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Feishu's (and, with another {@code url}, Lark's) custom bot: a card with Markdown, signed where its secret is known. */
final class Feishu extends Robot {
    private final Environment environment;
    private final String url;

    /** The whole request may take 20 KB. */
    Feishu(Keys keys, Environment environment) {
        super("feishu", keys, 12_000);
        this.environment = environment;
        this.url = keys.url("url", "https://open.feishu.cn");
    }

    @Override
    protected HttpCall call(DeliveryMessage message, Lookup lookup) {
        Keys robot = robot(message.address());
        String token = robot.required("token", "${FEISHU_TOKEN}");
        Map<String, Object> body = new LinkedHashMap<>();
        robot.text("secret").ifPresent(secret -> {
            long now = environment.now().getEpochSecond();
            byte[] key = (now + "\n" + secret).getBytes(StandardCharsets.UTF_8);
            body.put("timestamp", Long.toString(now));
            body.put("sign", Digest.hmac(key, ""));
        });
        Map<String, Object> words = new LinkedHashMap<>();
        words.put("tag", "markdown");
        words.put("content", message.text());
        body.put("msg_type", "interactive");
        body.put("card", Map.of("elements", List.of(words)));
        return HttpCall.post(URI.create(url + "/open-apis/bot/v2/hook/" + HttpCall.encoded(token)))
                .json(body);
    }

    /** It names no message. */
    @Override
    protected Optional<String> receipt(Answer answer) {
        return answer.field("code").filter("0"::equals).map(ok -> "");
    }

    @Override
    protected Optional<Refusal> refusal(Answer answer) {
        return answer.field("code").filter(code -> !code.equals("0")).map(code -> switch (code) {
            case "9499", "11232", "99991400" -> Refusal.later(Optional.empty());
            case "19001", "19021", "19022", "19024" -> Refusal.terminal(mendUnauthorised());
            default -> Refusal.terminal("it will not take this message as it is");
        });
    }
}
