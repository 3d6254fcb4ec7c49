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
import dev.kairos.channels.http.Multipart;
import dev.kairos.channels.http.Reach;
import dev.kairos.channels.text.Measure;
import dev.kairos.channels.text.TextForm;
import dev.kairos.channels.text.WhatsAppMarkup;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** WhatsApp: the Cloud API's messages, or a bridge of one's own that takes {@code {"to","text","id"}}. */
final class WhatsApp extends Platform {
    private static final TextForm FORM = new TextForm(WhatsAppMarkup.INSTANCE, Measure.UNITS, 4096);
    private static final AddressForm ADDRESSES = AddressForm.of("whatsapp")
            .or("a number", "+48123456789", "\\+[1-9]\\d{6,14}")
            .or("a group, through a bridge", "120363025246125486@g.us", "[0-9-]{5,40}@g\\.us");

    private static final Set<String> PICTURES = Set.of("image/jpeg", "image/png");
    private static final Set<String> TEXTS = Set.of("application/json", "application/xml");
    private static final int LARGEST_PICTURE = 5 << 20;

    private final Keys keys;
    private final Optional<String> bridge;
    private final String url;

    WhatsApp(Keys keys) {
        this.keys = keys;
        this.bridge = keys.text("bridge_url").map(any -> keys.url("bridge_url", ""));
        this.url = keys.url("url", "https://graph.facebook.com/v23.0");
        if (bridge.isEmpty()) {
            keys.need("token", "${WHATSAPP_TOKEN}");
            keys.need("phone_number_id", "\"106540352242922\" (or bridge_url, for a bridge of your own)");
        }
    }

    private String token() {
        return keys.required("token", "${WHATSAPP_TOKEN}");
    }

    private String sender() {
        return keys.required("phone_number_id", "\"106540352242922\" (or bridge_url, for a bridge of your own)");
    }

    @Override
    public String name() {
        return "whatsapp";
    }

    @Override
    protected Set<String> settings() {
        return Set.of("url", "token", "phone_number_id", "bridge_url", "bridge_token", "allow_private");
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
        return bridge.map(address -> toBridge(address, message)).orElseGet(() -> toCloud(message));
    }

    private HttpCall toCloud(DeliveryMessage message) {
        Map<String, Object> text = new LinkedHashMap<>();
        text.put("preview_url", false);
        text.put("body", message.text());
        return toCloud(message, "text", text);
    }

    private HttpCall toCloud(DeliveryMessage message, String type, Map<String, Object> content) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("messaging_product", "whatsapp");
        body.put("recipient_type", "individual");
        body.put("to", message.address());
        body.put("type", type);
        body.put(type, content);
        return HttpCall.post(cloud("messages")).bearer(token()).json(body);
    }

    /** Media, "Supported media types": pictures, documents of a few kinds, and any text as plain text. */
    private static Optional<String> typeOf(Attachment file) {
        String type = file.mediaType();
        if (type.startsWith("text/") || TEXTS.contains(type)) {
            return Optional.of("text/plain");
        }
        boolean isTaken = PICTURES.contains(type) && file.size() <= LARGEST_PICTURE
                || type.equals("application/pdf")
                || type.startsWith("application/vnd.openxmlformats-officedocument.");
        return isTaken ? Optional.of(type) : Optional.empty();
    }

    private URI cloud(String what) {
        return URI.create(url + "/" + HttpCall.encoded(sender()) + "/" + what);
    }

    /** A bridge is asked for words alone. */
    @Override
    protected boolean takesFiles() {
        return bridge.isEmpty();
    }

    /** A file is put into WhatsApp's media, and then a message shows it. */
    @Override
    protected HttpCall fileCall(DeliveryMessage message, Attachment file, Lookup lookup)
            throws DeliveryException, InterruptedException {
        Optional<String> type = typeOf(file);
        if (type.isEmpty()) {
            String note = "(file " + file.name() + " was not sent: WhatsApp takes no files of this kind)";
            return call(
                    new DeliveryMessage(message.address(), note, message.idempotencyKey(), message.jobName()), lookup);
        }
        Attachment typed = Attachment.of(file.name(), type.get(), file.bytes());
        String id = lookup.ask(HttpCall.post(cloud("media"))
                        .bearer(token())
                        .multipart(new Multipart()
                                .field("messaging_product", "whatsapp")
                                .field("type", type.get())
                                .file("file", typed)))
                .field("id")
                .orElseThrow(() -> new DeliveryException(
                        Kind.TRANSIENT, "whatsapp answered what is no WhatsApp; nothing was sent"));
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("id", id);
        boolean isPicture = PICTURES.contains(type.get());
        if (!isPicture) {
            content.put("filename", file.name());
        }
        return toCloud(message, isPicture ? "image" : "document", content);
    }

    private HttpCall toBridge(String address, DeliveryMessage message) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("to", message.address());
        body.put("text", message.text());
        body.put("id", Digest.shortName(message.idempotencyKey(), 32));
        HttpCall call = HttpCall.post(URI.create(address)).json(body);
        return keys.text("bridge_token").map(call::bearer).orElse(call);
    }

    @Override
    protected Optional<String> receipt(Answer answer) {
        return bridge.isPresent() ? Optional.of(answer.field("id").orElse("")) : answer.field("messages", "0", "id");
    }

    @Override
    protected Optional<String> said(Answer answer) {
        return answer.field("error", "message").or(() -> answer.field("error"));
    }

    @Override
    protected Optional<Refusal> refusal(Answer answer) {
        return answer.field("error", "code").flatMap(code -> switch (code) {
            case "4", "80007", "130429", "131048", "131056", "131000", "131016", "2" ->
                Optional.of(Refusal.later(Optional.empty()));
            case "0", "190" -> Optional.of(Refusal.terminal(mendUnauthorised()));
            case "131047" ->
                Optional.of(Refusal.terminal("the person must write first: more than 24 hours have passed"));
            case "131026", "131030" ->
                Optional.of(Refusal.terminal("the number is not on WhatsApp, or may not be written to"));
            case "131053" -> Optional.of(Refusal.terminal("WhatsApp takes no files of this kind"));
            default -> Optional.empty();
        });
    }

    /** One message each six seconds to a person is safe for ever; short bursts are allowed. */
    @Override
    protected Pace pace() {
        return new Pace(Duration.ofMillis(50), Duration.ofSeconds(1));
    }

    @Override
    protected Reach reach() {
        if (bridge.isEmpty()) {
            return Reach.VENDOR;
        }
        return keys.flag("allow_private") ? Reach.ANYWHERE : Reach.PUBLIC;
    }
}
