package dev.kairos.channels.platform;

import dev.kairos.api.delivery.Attachment;
import dev.kairos.api.delivery.DeliveryMessage;
import dev.kairos.channels.AddressForm;
import dev.kairos.channels.Keys;
import dev.kairos.channels.Lookup;
import dev.kairos.channels.Pace;
import dev.kairos.channels.Platform;
import dev.kairos.channels.http.Answer;
import dev.kairos.channels.http.HttpCall;
import dev.kairos.channels.text.MarkdownMarkup;
import dev.kairos.channels.text.Measure;
import dev.kairos.channels.text.TextForm;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** ntfy: publishing as JSON, on ntfy.sh or one's own server. */
final class Ntfy extends Platform {
    private static final TextForm FORM = new TextForm(MarkdownMarkup.ESCAPING, Measure.BYTES, 4000);
    private static final AddressForm ADDRESSES =
            AddressForm.of("ntfy").or("a topic", "my-backups", "[-_A-Za-z0-9]{1,64}");

    private final Keys keys;
    private final String url;

    Ntfy(Keys keys) {
        this.keys = keys;
        this.url = keys.url("url", "https://ntfy.sh");
    }

    @Override
    public String name() {
        return "ntfy";
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
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("topic", message.address());
        body.put("title", message.jobName());
        body.put("message", message.text());
        body.put("markdown", true);
        return authorised(HttpCall.post(URI.create(url + "/")).json(body));
    }

    @Override
    protected boolean takesFiles() {
        return true;
    }

    @Override
    protected HttpCall fileCall(DeliveryMessage message, Attachment file, Lookup lookup) {
        return authorised(HttpCall.put(URI.create(url + "/" + HttpCall.encoded(message.address())))
                .header("Filename", word(file.name()))
                .header("Title", word(message.jobName()))
                .body(file.mediaType(), file.bytes()));
    }

    private HttpCall authorised(HttpCall call) {
        return keys.text("token").map(call::bearer).orElse(call);
    }

    /** A header holds ASCII alone; anything else stands there as RFC 2047 says, which ntfy reads. */
    private static String word(String text) {
        boolean isPlain = text.chars().allMatch(c -> c >= 0x20 && c < 0x7f) && !text.contains("=?");
        byte[] bytes = text.replaceAll("\\p{Cntrl}+", " ").getBytes(StandardCharsets.UTF_8);
        return isPlain ? text : "=?UTF-8?B?" + Base64.getEncoder().encodeToString(bytes) + "?=";
    }

    @Override
    protected Optional<String> receipt(Answer answer) {
        return answer.field("id");
    }

    @Override
    protected String mendUnauthorised() {
        return "set delivery.ntfy.token to one that may write to the topic";
    }

    /** The public server's limits: 60 at once, then one each five seconds. */
    @Override
    protected Pace pace() {
        return new Pace(Duration.ofMillis(100), Duration.ofMillis(500));
    }
}
