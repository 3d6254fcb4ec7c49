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
import dev.kairos.channels.http.Answer;
import dev.kairos.channels.http.HttpCall;
import dev.kairos.channels.http.Multipart;
import dev.kairos.channels.text.MarkdownMarkup;
import dev.kairos.channels.text.Measure;
import dev.kairos.channels.text.TextForm;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Mattermost's REST API, version 4: create a post. */
final class Mattermost extends Platform {
    /** A report calls nobody, whatever it quotes. */
    private static final Pattern CALLS = Pattern.compile("(?i)@(?=(?:all|channel|here)\\b)");

    private static final TextForm FORM =
            new TextForm(MarkdownMarkup.ESCAPING.disarming(CALLS), Measure.CHARACTERS, 16_383);
    private static final AddressForm ADDRESSES = AddressForm.of("mattermost")
            .or("a channel id", "4xp9fdt77pncbef59f4k1qe83o", "[a-z0-9]{26}")
            .or(
                    "a channel id and a post's id",
                    "4xp9fdt77pncbef59f4k1qe83o:5yq8gdt77pncbef59f4k1qe83a",
                    "[a-z0-9]{26}:[a-z0-9]{26}");

    private final Keys keys;
    private final String url;

    Mattermost(Keys keys) {
        this.keys = keys;
        this.url = keys.url("url", "");
        keys.need("token", "${MATTERMOST_TOKEN}");
    }

    private String token() {
        return keys.required("token", "${MATTERMOST_TOKEN}");
    }

    @Override
    public String name() {
        return "mattermost";
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
        return post(message.address(), message.text(), List.of());
    }

    @Override
    protected boolean takesFiles() {
        return true;
    }

    /** A file is put into the channel, and then a post shows it. */
    @Override
    protected HttpCall fileCall(DeliveryMessage message, Attachment file, Lookup lookup)
            throws DeliveryException, InterruptedException {
        String channel = message.address().split(":", 2)[0];
        Answer put = lookup.ask(HttpCall.post(URI.create(url + "/api/v4/files"))
                .bearer(token())
                .multipart(new Multipart().field("channel_id", channel).file("files", file)));
        String id = put.field("file_infos", "0", "id")
                .orElseThrow(() -> new DeliveryException(
                        Kind.TRANSIENT, "mattermost answered what is no Mattermost; nothing was sent"));
        return post(message.address(), "", List.of(id));
    }

    private HttpCall post(String address, String text, List<String> files) {
        String[] channelAndRoot = address.split(":", 2);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("channel_id", channelAndRoot[0]);
        body.put("message", text);
        if (!files.isEmpty()) {
            body.put("file_ids", files);
        }
        if (channelAndRoot.length == 2) {
            body.put("root_id", channelAndRoot[1]);
        }
        return HttpCall.post(URI.create(url + "/api/v4/posts")).bearer(token()).json(body);
    }

    @Override
    protected Optional<String> receipt(Answer answer) {
        return answer.field("id");
    }

    @Override
    protected String mendUnauthorised() {
        return "check delivery.mattermost.token, and add the bot to the team and the channel";
    }

    /** The server's standard: ten requests per second. */
    @Override
    protected Pace pace() {
        return new Pace(Duration.ofMillis(150), Duration.ZERO);
    }
}
