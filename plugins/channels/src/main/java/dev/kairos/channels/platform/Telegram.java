package dev.kairos.channels.platform;

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
import dev.kairos.channels.http.Multipart;
import dev.kairos.channels.text.HtmlMarkup;
import dev.kairos.channels.text.Measure;
import dev.kairos.channels.text.TextForm;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Telegram's Bot API: sendMessage. */
final class Telegram extends Platform {
    private static final TextForm FORM = new TextForm(HtmlMarkup.WITH_LINES, Measure.SEEN_UNITS, 4096);
    private static final AddressForm ADDRESSES = AddressForm.of("telegram")
            .or("a chat id", "-1001234567890", "-?\\d{1,20}(:\\d{1,12})?")
            .or("a chat id and a topic", "-1001234567890:42", "-?\\d{1,20}:\\d{1,12}")
            .or("a channel's name", "@mychannel", "@[A-Za-z][A-Za-z0-9_]{3,31}(:\\d{1,12})?");

    private final Keys keys;
    private final String url;

    Telegram(Keys keys) {
        this.keys = keys;
        this.url = keys.url("url", "https://api.telegram.org");
        keys.need("token", "${TELEGRAM_TOKEN}");
    }

    private String token() {
        return keys.required("token", "${TELEGRAM_TOKEN}");
    }

    @Override
    public String name() {
        return "telegram";
    }

    @Override
    protected Set<String> settings() {
        return Set.of("url", "token");
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
        String[] chatAndTopic = message.address().split(":", 2);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("chat_id", chatAndTopic[0]);
        if (chatAndTopic.length == 2) {
            body.put("message_thread_id", Long.parseLong(chatAndTopic[1]));
        }
        body.put("text", message.text());
        body.put("parse_mode", "HTML");
        body.put("link_preview_options", Map.of("is_disabled", true));
        return HttpCall.post(method("sendMessage")).json(body);
    }

    private URI method(String name) {
        return URI.create(url + "/bot" + HttpCall.encoded(token()).replace("%3A", ":") + "/" + name);
    }

    @Override
    protected boolean takesFiles() {
        return true;
    }

    /** A picture that its apps show is sent as one, anything else as a document. */
    @Override
    protected HttpCall fileCall(DeliveryMessage message, Attachment file, Lookup lookup) {
        boolean isPicture = PictureSize.of(file).filter(Telegram::isShown).isPresent();
        String[] chatAndTopic = message.address().split(":", 2);
        Multipart form = new Multipart().field("chat_id", chatAndTopic[0]);
        if (chatAndTopic.length == 2) {
            form.field("message_thread_id", chatAndTopic[1]);
        }
        return HttpCall.post(method(isPicture ? "sendPhoto" : "sendDocument"))
                .multipart(form.file(isPicture ? "photo" : "document", file));
    }

    /** "sendPhoto": at most 10,000 for both sides together, and one side no more than twenty times the other. */
    private static boolean isShown(PictureSize size) {
        int longer = Math.max(size.width(), size.height());
        int shorter = Math.min(size.width(), size.height());
        return shorter > 0 && longer + shorter <= 10_000 && longer / shorter < 20;
    }

    @Override
    protected Optional<String> receipt(Answer answer) {
        return answer.field("ok").filter("true"::equals).flatMap(ok -> answer.field("result", "message_id"));
    }

    @Override
    protected Optional<String> said(Answer answer) {
        return answer.field("description");
    }

    @Override
    protected Optional<Refusal> refusal(Answer answer) {
        if (answer.status() == 404) { // its answer to a token that it does not know
            return Optional.of(Refusal.terminal(mendUnauthorised()));
        }
        if (answer.status() == 403) {
            return Optional.of(
                    Refusal.terminal("let the bot back in: unblock it, or add it to the chat with the right to write"));
        }
        Optional<String> moved = answer.field("parameters", "migrate_to_chat_id");
        if (moved.isPresent()) {
            return Optional.of(Refusal.terminal("the group moved: write telegram:" + moved.get()));
        }
        return said(answer)
                .filter(words -> answer.status() == 400 && words.contains("chat not found"))
                .map(words -> Refusal.terminal("check the chat id, and write to the bot once or add it to the chat"));
    }

    @Override
    protected Optional<Duration> retryAfter(Answer answer, Instant now) {
        return answer.field("parameters", "retry_after")
                .filter(number -> number.matches("\\d{1,9}"))
                .map(Answer::seconds)
                .or(() -> answer.retryAfter(now));
    }

    /** Bots FAQ: about one message per second to a chat, 30 per second in all. */
    @Override
    protected Pace pace() {
        return new Pace(Duration.ofMillis(40), Duration.ofSeconds(1));
    }
}
