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
import dev.kairos.channels.http.Multipart;
import dev.kairos.channels.text.MarkdownMarkup;
import dev.kairos.channels.text.Measure;
import dev.kairos.channels.text.TextForm;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Discord: Create Message with a bot's token, or Execute Webhook with a configured webhook's address. */
final class Discord extends Platform {
    private static final TextForm FORM = new TextForm(MarkdownMarkup.ESCAPING, Measure.UNITS, 2000);
    private static final AddressForm ADDRESSES = AddressForm.of("discord")
            .or("a channel id", "1234567890123456789", "\\d{15,21}")
            .or("a channel id and a thread id", "1234567890123456789:2234567890123456789", "\\d{15,21}:\\d{15,21}")
            .or(
                    "a webhook configured as delivery.discord.webhooks.alerts.secret_url",
                    "alerts",
                    "[A-Za-z][A-Za-z0-9_-]{0,63}(:\\d{15,21})?");
    private static final Pattern WEBHOOK =
            Pattern.compile("https?://[^/]+/api/(?:v\\d{1,3}/)?webhooks/(\\d{15,21})/([A-Za-z0-9_-]{1,200})/?");
    private static final int SUPPRESS_EMBEDS = 4;
    private static final int LONGEST_NONCE = 25;

    private final Keys keys;
    private final String url;

    Discord(Keys keys) {
        this.keys = keys;
        this.url = keys.url("url", "https://discord.com");
        if (!keys.has("webhooks")) {
            keys.need("token", "${DISCORD_BOT_TOKEN}");
        }
    }

    private String token() {
        return keys.required("token", "${DISCORD_BOT_TOKEN}");
    }

    @Override
    public String name() {
        return "discord";
    }

    @Override
    protected Set<String> settings() {
        return Set.of("url", "token", "webhooks");
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
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("content", message.text());
        body.put("allowed_mentions", Map.of("parse", List.of()));
        body.put("flags", SUPPRESS_EMBEDS);
        return to(message, body).json(body);
    }

    @Override
    protected boolean takesFiles() {
        return true;
    }

    @Override
    protected HttpCall fileCall(DeliveryMessage message, Attachment file, Lookup lookup) {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("id", 0);
        described.put("filename", file.name());
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("attachments", List.of(described));
        HttpCall call = to(message, body);
        return call.multipart(new Multipart().json("payload_json", body).file("files[0]", file));
    }

    /** Where the message goes; a nonce is added where it takes one. */
    private HttpCall to(DeliveryMessage message, Map<String, Object> body) {
        String[] channelAndThread = message.address().split(":", 2);
        boolean isId = Character.isDigit(channelAndThread[0].charAt(0));
        HttpCall call;
        if (isId) {
            String channel = channelAndThread[channelAndThread.length - 1];
            body.put("nonce", Digest.shortName(message.idempotencyKey(), LONGEST_NONCE));
            body.put("enforce_nonce", true);
            call = HttpCall.post(URI.create(url + "/api/v10/channels/" + channel + "/messages"))
                    .header("Authorization", "Bot " + token());
        } else {
            String thread = channelAndThread.length == 2 ? "&thread_id=" + channelAndThread[1] : "";
            call = HttpCall.post(URI.create(webhook(channelAndThread[0]) + "?wait=true" + thread));
        }
        return call.header("User-Agent", "DiscordBot (kairos, 0.1)");
    }

    private String webhook(String name) {
        String given = keys.at("webhooks").at(name).required("secret_url", "${DISCORD_WEBHOOK_URL}");
        Matcher webhook = WEBHOOK.matcher(given);
        if (!webhook.matches()) {
            throw new InvalidInputException(
                    "delivery.discord.webhooks." + name + ".secret_url",
                    "",
                    "it is no address of a Discord webhook",
                    "copy it from the channel's settings: https://discord.com/api/webhooks/ID/TOKEN");
        }
        return url + "/api/v10/webhooks/" + webhook.group(1) + "/" + webhook.group(2);
    }

    @Override
    protected Optional<String> receipt(Answer answer) {
        return answer.field("id");
    }

    @Override
    protected Optional<Refusal> refusal(Answer answer) {
        return answer.field("code").flatMap(Discord::mend).map(Refusal::terminal);
    }

    private static Optional<String> mend(String code) {
        return switch (code) {
            case "10003" -> Optional.of("there is no such channel: check its id");
            case "10015" -> Optional.of("the webhook was deleted: make a new one and configure its address");
            case "50001" -> Optional.of("invite the bot to the server and let it see the channel");
            case "50013" -> Optional.of("give the bot the right to send messages in the channel");
            case "50083" -> Optional.of("the thread is archived: open it, or name another");
            default -> Optional.empty();
        };
    }

    @Override
    protected Optional<Duration> retryAfter(Answer answer, Instant now) {
        return answer.field("retry_after")
                .filter(number -> number.matches("\\d{1,9}(\\.\\d{1,9})?"))
                .map(Answer::seconds)
                .or(() -> answer.retryAfter(now));
    }

    /** Five messages in five seconds to a channel, 50 requests per second in all. */
    @Override
    protected Pace pace() {
        return new Pace(Duration.ofMillis(25), Duration.ofSeconds(1));
    }

    /** A nonce is unique "in the past few minutes"; a webhook takes none. */
    @Override
    protected Duration recognisesRepetitionFor() {
        return keys.has("webhooks") ? Duration.ZERO : Duration.ofMinutes(2);
    }
}
