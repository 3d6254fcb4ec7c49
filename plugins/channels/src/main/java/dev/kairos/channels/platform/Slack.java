package dev.kairos.channels.platform;

import dev.kairos.api.delivery.Attachment;
import dev.kairos.api.delivery.DeliveryException;
import dev.kairos.api.delivery.DeliveryException.Kind;
import dev.kairos.api.delivery.DeliveryMessage;
import dev.kairos.channels.AddressForm;
import dev.kairos.channels.Keys;
import dev.kairos.channels.Lookup;
import dev.kairos.channels.Pace;
import dev.kairos.channels.Platform;
import dev.kairos.channels.Refusal;
import dev.kairos.channels.http.Answer;
import dev.kairos.channels.http.HttpCall;
import dev.kairos.channels.text.Measure;
import dev.kairos.channels.text.SlackMarkup;
import dev.kairos.channels.text.TextForm;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Slack's Web API: chat.postMessage. It answers 200 to what it refuses. */
final class Slack extends Platform {
    private static final TextForm FORM = new TextForm(SlackMarkup.INSTANCE, Measure.UNITS, 4000);
    private static final String THREAD = "(:\\d{10}\\.\\d{6})?";
    private static final AddressForm ADDRESSES = AddressForm.of("slack")
            .or("a channel id", "C0123456789", "[CDGUW][A-Z0-9]{7,20}" + THREAD)
            .or("a channel's name", "#ops", "#[^\\s:#]{1,80}" + THREAD)
            .or(
                    "a channel id and a message's thread_ts",
                    "C0123456789:1718000000.123456",
                    "[CDGUW][A-Z0-9]{7,20}" + THREAD);

    private final Keys keys;
    private final String url;

    Slack(Keys keys) {
        this.keys = keys;
        this.url = keys.url("url", "https://slack.com");
        keys.need("token", "${SLACK_BOT_TOKEN}");
    }

    private String token() {
        return keys.required("token", "${SLACK_BOT_TOKEN}");
    }

    @Override
    public String name() {
        return "slack";
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
        String[] channelAndThread = message.address().split(":", 2);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("channel", channelAndThread[0]);
        body.put("text", message.text());
        body.put("mrkdwn", true);
        body.put("unfurl_links", false);
        body.put("unfurl_media", false);
        if (channelAndThread.length == 2) {
            body.put("thread_ts", channelAndThread[1]);
        }
        return HttpCall.post(URI.create(url + "/api/chat.postMessage"))
                .bearer(token())
                .json(body);
    }

    @Override
    protected boolean takesFiles() {
        return true;
    }

    /** A file is put where Slack says, and then shown in the channel, which must be named by its id. */
    @Override
    protected HttpCall fileCall(DeliveryMessage message, Attachment file, Lookup lookup)
            throws DeliveryException, InterruptedException {
        String[] channelAndThread = message.address().split(":", 2);
        if (!channelAndThread[0].matches("[CDG].*")) {
            String note = "(file " + file.name() + " was not sent: Slack takes files only for a channel's id)";
            return call(
                    new DeliveryMessage(message.address(), note, message.idempotencyKey(), message.jobName()), lookup);
        }
        Map<String, String> wish = new LinkedHashMap<>();
        wish.put("filename", file.name());
        wish.put("length", Integer.toString(file.size()));
        Answer place = lookup.ask(HttpCall.post(URI.create(url + "/api/files.getUploadURLExternal"))
                .bearer(token())
                .form(wish));
        String put = place.field("upload_url").filter(Keys::isWeb).orElseThrow(Slack::notUnderstood);
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", place.field("file_id").orElseThrow(Slack::notUnderstood));
        shown.put("title", file.name());
        lookup.ask(HttpCall.post(URI.create(put)).body(file.mediaType(), file.bytes()));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("files", List.of(shown));
        body.put("channel_id", channelAndThread[0]);
        if (channelAndThread.length == 2) {
            body.put("thread_ts", channelAndThread[1]);
        }
        return HttpCall.post(URI.create(url + "/api/files.completeUploadExternal"))
                .bearer(token())
                .json(body);
    }

    private static DeliveryException notUnderstood() {
        return new DeliveryException(Kind.TRANSIENT, "slack answered what is no Slack; nothing was sent");
    }

    /**
     * A file's is the timestamp of the message that shows it, if Slack has made that by now; else the file's id, by which
     * {@code files.info} tells it later. To wait for it here would need the scope files:read and hold up what follows.
     */
    @Override
    protected Optional<String> receipt(Answer answer) {
        return answer.field("ok")
                .filter("true"::equals)
                .flatMap(ok -> answer.field("ts")
                        .or(() -> answer.field("files", "0", "shares", "public", "*", "0", "ts"))
                        .or(() -> answer.field("files", "0", "shares", "private", "*", "0", "ts"))
                        .or(() -> answer.field("files", "0", "id")));
    }

    @Override
    protected Optional<Refusal> refusal(Answer answer) {
        boolean isRefused = answer.field("ok").filter("false"::equals).isPresent();
        if (!isRefused || answer.status() == 429 || answer.status() >= 500) {
            return Optional.empty();
        }
        return Optional.of(
                switch (answer.field("error").orElse("")) {
                    case "ratelimited",
                            "rate_limited",
                            "fatal_error",
                            "internal_error",
                            "service_unavailable",
                            "request_timeout" -> Refusal.later(Optional.empty());
                    case "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired" ->
                        Refusal.terminal(mendUnauthorised());
                    case "missing_scope", "no_permission" ->
                        Refusal.terminal(
                                "give the app the scopes chat:write and, for files, files:write, and install it again");
                    case "channel_not_found" ->
                        Refusal.terminal("check the channel, and invite the app to it if it is private");
                    case "not_in_channel" -> Refusal.terminal("invite the app: /invite @app in the channel");
                    case "is_archived" -> Refusal.terminal("the channel is archived: name another");
                    default -> Refusal.terminal("it will not take this message as it is");
                });
    }

    /** Rate limits: one message per second and channel. */
    @Override
    protected Pace pace() {
        return new Pace(Duration.ofMillis(50), Duration.ofSeconds(1));
    }
}
