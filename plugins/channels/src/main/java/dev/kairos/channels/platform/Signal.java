package dev.kairos.channels.platform;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.delivery.Attachment;
import dev.kairos.api.delivery.DeliveryMessage;
import dev.kairos.channels.AddressForm;
import dev.kairos.channels.Keys;
import dev.kairos.channels.Lookup;
import dev.kairos.channels.Pace;
import dev.kairos.channels.Platform;
import dev.kairos.channels.Refusal;
import dev.kairos.channels.http.Answer;
import dev.kairos.channels.http.HttpCall;
import dev.kairos.channels.text.Markup;
import dev.kairos.channels.text.Measure;
import dev.kairos.channels.text.TextForm;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Signal through signal-cli: its REST wrapper, or the JSON-RPC of its own daemon. */
final class Signal extends Platform {
    private static final TextForm FORM = new TextForm(Markup.plain(), Measure.BYTES, 2000);
    private static final String GROUP = "group.";
    private static final AddressForm ADDRESSES = AddressForm.of("signal")
            .or("a number", "+48123456789", "\\+[1-9]\\d{6,14}")
            .or("a group", "group.ZjR5bUxwYXE=", "group\\.[A-Za-z0-9+/_-]{4,200}={0,2}");

    private final Keys keys;
    private final String url;

    Signal(Keys keys) {
        this.keys = keys;
        this.url = keys.url("url", "");
        keys.need("account", "\"+48123456789\"");
        isRpc();
    }

    private String account() {
        return keys.required("account", "\"+48123456789\"");
    }

    private boolean isRpc() {
        String mode = keys.text("mode").orElse("rest");
        if (!mode.equals("rest") && !mode.equals("json-rpc")) {
            throw new InvalidInputException(
                    "delivery.signal.mode", mode, "it is neither of the two", "write mode: rest, or mode: json-rpc");
        }
        return mode.equals("json-rpc");
    }

    @Override
    public String name() {
        return "signal";
    }

    @Override
    protected Set<String> settings() {
        return Set.of("url", "account", "mode", "token");
    }

    @Override
    public AddressForm addresses() {
        return ADDRESSES;
    }

    @Override
    public TextForm form() {
        return FORM;
    }

    @Override
    protected HttpCall call(DeliveryMessage message, Lookup lookup) {
        return authorised(isRpc() ? rpc(message, List.of()) : rest(message, List.of()));
    }

    @Override
    protected boolean takesFiles() {
        return true;
    }

    @Override
    protected HttpCall fileCall(DeliveryMessage message, Attachment file, Lookup lookup) {
        String data = "data:" + file.mediaType() + ";filename=" + file.name().replaceAll("[;,]", "_") + ";base64,"
                + Base64.getEncoder().encodeToString(file.bytes());
        return authorised(isRpc() ? rpc(message, List.of(data)) : rest(message, List.of(data)));
    }

    private HttpCall authorised(HttpCall call) {
        return keys.text("token").map(call::bearer).orElse(call);
    }

    private HttpCall rest(DeliveryMessage message, List<String> files) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("message", message.text());
        body.put("number", account());
        body.put("recipients", List.of(message.address()));
        if (!files.isEmpty()) {
            body.put("base64_attachments", files);
        }
        return HttpCall.post(URI.create(url + "/v2/send")).json(body);
    }

    private HttpCall rpc(DeliveryMessage message, List<String> files) {
        Map<String, Object> params = new LinkedHashMap<>();
        params.put("account", account());
        if (message.address().startsWith(GROUP)) {
            params.put("groupId", groupId(message.address()));
        } else {
            params.put("recipient", List.of(message.address()));
        }
        params.put("message", message.text());
        if (!files.isEmpty()) {
            params.put("attachment", files);
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("jsonrpc", "2.0");
        body.put("id", Digest.shortName(message.idempotencyKey(), 16));
        body.put("method", "send");
        body.put("params", params);
        return HttpCall.post(URI.create(url + "/api/v1/rpc")).json(body);
    }

    /** The REST wrapper's name of a group is signal-cli's own, once more in Base64. */
    private static String groupId(String address) {
        try {
            byte[] id = Base64.getDecoder().decode(address.substring(GROUP.length()));
            return new String(id, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(
                    "deliver", "signal:" + address, "the group's id is no Base64", "copy it from /v1/groups");
        }
    }

    @Override
    protected Optional<String> receipt(Answer answer) {
        return answer.field("timestamp").or(() -> answer.field("result", "timestamp"));
    }

    @Override
    protected Optional<Refusal> refusal(Answer answer) {
        return answer.field("error", "code").map(code -> switch (code) {
            case "-3", "-5", "-32603" -> Refusal.later(Optional.empty()); // input and output, rate limit, internal
            default -> Refusal.terminal("check the number or group, and that delivery.signal.account is registered");
        });
    }

    @Override
    protected Optional<String> said(Answer answer) {
        return answer.field("error", "message").or(() -> answer.field("error"));
    }

    @Override
    protected Pace pace() {
        return new Pace(Duration.ofMillis(200), Duration.ofSeconds(1));
    }
}
