package dev.kairos.channels.platform;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.delivery.Attachment;
import dev.kairos.api.delivery.DeliveryMessage;
import dev.kairos.api.env.Environment;
import dev.kairos.channels.AddressForm;
import dev.kairos.channels.Keys;
import dev.kairos.channels.Lookup;
import dev.kairos.channels.Platform;
import dev.kairos.channels.http.Answer;
import dev.kairos.channels.http.HttpCall;
import dev.kairos.channels.http.Json;
import dev.kairos.channels.http.Reach;
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

/** JSON to any address, signed as Standard Webhooks says. Markdown stays Markdown: a program reads it. */
final class Webhook extends Platform {
    private static final TextForm FORM = new TextForm(Markup.plain(), Measure.BYTES, 1024 * 1024);
    private static final String SECRET_PREFIX = "whsec_";
    private static final AddressForm ADDRESSES = AddressForm.of("webhook")
            .or("an address", "https://example.org/hooks/kairos", "https?://[^\\s@]+")
            .or("a hook configured as delivery.webhook.hooks.alerts", "alerts", "[A-Za-z][A-Za-z0-9_-]{0,63}");

    private final Keys keys;
    private final Environment environment;

    Webhook(Keys keys, Environment environment) {
        this.keys = keys;
        this.environment = environment;
        keys.flag("allow_private");
    }

    @Override
    public String name() {
        return "webhook";
    }

    @Override
    protected Set<String> settings() {
        return Set.of("secret", "hooks", "allow_private", "recognises_for");
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
    protected List<String> parts(String text) {
        return List.of(text);
    }

    @Override
    protected HttpCall call(DeliveryMessage message, Lookup lookup) {
        return call(message, Map.of());
    }

    @Override
    protected boolean takesFiles() {
        return true;
    }

    @Override
    protected HttpCall fileCall(DeliveryMessage message, Attachment file, Lookup lookup) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", file.name());
        tree.put("media_type", file.mediaType());
        tree.put("base64", Base64.getEncoder().encodeToString(file.bytes()));
        return call(message, Map.of("file", tree));
    }

    private HttpCall call(DeliveryMessage message, Map<String, Object> more) {
        boolean isNamed = !message.address().contains("://");
        Keys hook = isNamed ? keys.at("hooks").at(message.address()) : keys;
        String url = isNamed ? hook.required("secret_url", "https://example.org/hooks/kairos") : message.address();
        if (!Keys.isWeb(url)) {
            throw new InvalidInputException(
                    isNamed ? "delivery.webhook.hooks." + message.address() + ".secret_url" : "deliver",
                    "",
                    "it is no address of a web server",
                    "write an address such as https://example.org/hooks/kairos");
        }
        String id = "msg_" + Digest.shortName(message.idempotencyKey(), 32);
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("id", id);
        tree.put("job", message.jobName());
        tree.put("text", message.text());
        tree.putAll(more);
        String body = Json.write(tree);
        String seconds = Long.toString(environment.now().getEpochSecond());
        HttpCall call = HttpCall.post(URI.create(url))
                .header("webhook-id", id)
                .header("webhook-timestamp", seconds)
                .body("application/json; charset=utf-8", body);
        return hook.text("secret")
                .map(secret -> call.header(
                        "webhook-signature", "v1," + Digest.hmac(keyOf(secret), id + "." + seconds + "." + body)))
                .orElse(call);
    }

    /** The bytes behind {@code whsec_}, which are in Base64; any other secret is its own bytes. */
    private static byte[] keyOf(String secret) {
        if (secret.startsWith(SECRET_PREFIX)) {
            try {
                return Base64.getDecoder().decode(secret.substring(SECRET_PREFIX.length()));
            } catch (IllegalArgumentException e) {
                throw new InvalidInputException(
                        "delivery.webhook.secret",
                        "",
                        "what follows whsec_ is no Base64",
                        "make one: echo whsec_$(openssl rand -base64 24)");
            }
        }
        return secret.getBytes(StandardCharsets.UTF_8);
    }

    /** Whoever answers yes has it; what else it answers is its own business. */
    @Override
    protected Optional<String> receipt(Answer answer) {
        return Optional.of(answer.field("id").orElse(""));
    }

    @Override
    protected String mendUnauthorised() {
        return "check the secret in delivery.webhook, and what the receiver expects";
    }

    /** Only as long as the receiver, by its owner's word, knows an id again. */
    @Override
    protected Duration recognisesRepetitionFor() {
        return keys.duration("recognises_for", Duration.ZERO);
    }

    @Override
    protected Reach reach() {
        return keys.flag("allow_private") ? Reach.ANYWHERE : Reach.PUBLIC;
    }
}
