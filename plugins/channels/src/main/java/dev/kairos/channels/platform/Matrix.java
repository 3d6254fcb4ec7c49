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
import dev.kairos.channels.text.Markdown;
import dev.kairos.channels.text.MarkdownMarkup;
import dev.kairos.channels.text.Markup;
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

/** Matrix's client-server API: send a message event; an alias and a user are looked up first. Not encrypted. */
final class Matrix extends Platform {
    /** An event may take 64 KiB, and holds the words twice, once as HTML. */
    private static final TextForm FORM = new TextForm(MarkdownMarkup.ESCAPING, Measure.BYTES, 12_000);

    private static final String SERVER = ":[A-Za-z0-9.\\[\\]-]{1,200}(:\\d{1,5})?";
    private static final AddressForm ADDRESSES = AddressForm.of("matrix")
            .or("a room id", "!abcdefg:example.org", "![^\\s:/]{1,200}(" + SERVER + ")?")
            .or("a room's alias", "#ops:example.org", "#[^\\s:/]{1,200}" + SERVER)
            .or("a user", "@ann:example.org", "@[^\\s:/]{1,200}" + SERVER);

    private final Keys keys;
    private final String url;

    Matrix(Keys keys) {
        this.keys = keys;
        this.url = keys.url("url", "");
        keys.need("token", "${MATRIX_TOKEN}");
    }

    private String token() {
        return keys.required("token", "${MATRIX_TOKEN}");
    }

    @Override
    public String name() {
        return "matrix";
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
    protected HttpCall call(DeliveryMessage message, Lookup lookup) throws DeliveryException, InterruptedException {
        String room = room(message.address(), lookup);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("msgtype", "m.text");
        body.put("body", Markup.plain().render(Markdown.read(message.text())));
        body.put("format", "org.matrix.custom.html");
        body.put("formatted_body", Markdown.html(message.text()));
        body.put("m.mentions", Map.of()); // otherwise @room in the words calls everybody
        return event(message, room).json(body);
    }

    private HttpCall event(DeliveryMessage message, String room) {
        String transaction = "kairos-" + Digest.shortName(message.idempotencyKey(), 32);
        return HttpCall.put(uri("rooms/" + HttpCall.encoded(room) + "/send/m.room.message/" + transaction))
                .bearer(token());
    }

    @Override
    protected boolean takesFiles() {
        return true;
    }

    /** A file is put into the server's media, and then an event shows it. */
    @Override
    protected HttpCall fileCall(DeliveryMessage message, Attachment file, Lookup lookup)
            throws DeliveryException, InterruptedException {
        String room = room(message.address(), lookup);
        URI media = URI.create(url + "/_matrix/media/v3/upload?filename=" + HttpCall.encoded(file.name()));
        String content = lookup.ask(HttpCall.post(media).bearer(token()).body(file.mediaType(), file.bytes()))
                .field("content_uri")
                .orElseThrow(Matrix::notUnderstood);
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("mimetype", file.mediaType());
        info.put("size", file.size());
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("msgtype", file.mediaType().startsWith("image/") ? "m.image" : "m.file");
        body.put("body", file.name());
        body.put("filename", file.name());
        body.put("url", content);
        body.put("info", info);
        return event(message, room).json(body);
    }

    private URI uri(String path) {
        return URI.create(url + "/_matrix/client/v3/" + path);
    }

    private String room(String address, Lookup lookup) throws DeliveryException, InterruptedException {
        return switch (address.charAt(0)) {
            case '#' ->
                roomIn(lookup.ask(HttpCall.get(uri("directory/room/" + HttpCall.encoded(address)))
                        .bearer(token())));
            case '@' -> roomWith(address, lookup);
            default -> address;
        };
    }

    /** The room that the account has with the user, or a new one, remembered in the account as clients do. */
    private String roomWith(String user, Lookup lookup) throws DeliveryException, InterruptedException {
        String me = lookup.ask(HttpCall.get(uri("account/whoami")).bearer(token()))
                .field("user_id")
                .orElseThrow(Matrix::notUnderstood);
        URI direct = uri("user/" + HttpCall.encoded(me) + "/account_data/kairos.direct." + Digest.shortName(user, 16));
        Optional<String> known = known(direct, lookup);
        if (known.isPresent()) {
            return known.get();
        }
        Map<String, Object> wish = new LinkedHashMap<>();
        wish.put("is_direct", true);
        wish.put("preset", "trusted_private_chat");
        wish.put("invite", List.of(user));
        String made = roomIn(
                lookup.ask(HttpCall.post(uri("createRoom")).bearer(token()).json(wish)));
        lookup.ask(HttpCall.put(direct).bearer(token()).json(Map.of("room_id", made)));
        return made;
    }

    private Optional<String> known(URI direct, Lookup lookup) throws DeliveryException, InterruptedException {
        try {
            return lookup.ask(HttpCall.get(direct).bearer(token())).field("room_id");
        } catch (DeliveryException e) {
            if (e.kind() == Kind.TERMINAL) { // 404: nothing is remembered
                return Optional.empty();
            }
            throw e;
        }
    }

    private static String roomIn(Answer answer) throws DeliveryException {
        return answer.field("room_id").orElseThrow(Matrix::notUnderstood);
    }

    private static DeliveryException notUnderstood() {
        return new DeliveryException(Kind.TRANSIENT, "matrix answered what is no Matrix; nothing was sent");
    }

    @Override
    protected Optional<String> receipt(Answer answer) {
        return answer.field("event_id");
    }

    @Override
    protected Optional<Refusal> refusal(Answer answer) {
        return answer.field("errcode")
                .filter(code -> answer.status() == 403 && code.equals("M_FORBIDDEN"))
                .map(code -> Refusal.terminal("invite the account to the room, and let it write there"));
    }

    @Override
    protected Optional<Duration> retryAfter(Answer answer, Instant now) {
        return answer.retryAfter(now)
                .or(() -> answer.field("retry_after_ms")
                        .filter(number -> number.matches("\\d{1,12}"))
                        .map(number -> Duration.ofMillis(Long.parseLong(number))));
    }

    @Override
    protected Pace pace() {
        return new Pace(Duration.ofMillis(200), Duration.ofMillis(500));
    }

    /** The specification gives transaction ids no end; servers are known to keep them for half an hour and more. */
    @Override
    protected Duration recognisesRepetitionFor() {
        return Duration.ofMinutes(30);
    }
}
