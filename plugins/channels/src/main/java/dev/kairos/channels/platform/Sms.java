package dev.kairos.channels.platform;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Text messages through Twilio's Programmable Messaging. */
final class Sms extends Platform {
    /** Twilio takes 1,600 characters, which are eleven segments at most of the default alphabet. */
    private static final TextForm FORM = new TextForm(Markup.basic(), Measure.SEGMENTS, 10);

    private static final AddressForm ADDRESSES =
            AddressForm.of("sms").or("a number", "+48123456789", "\\+[1-9]\\d{6,14}");

    private static final int PARTS = 10;
    private static final int MOST_PARTS = 999;

    private final Keys keys;
    private final String url;

    Sms(Keys keys) {
        this.keys = keys;
        this.url = keys.url("url", "https://api.twilio.com");
        keys.need("account", "AC... (Twilio's Account SID)");
        keys.need("token", "${TWILIO_AUTH_TOKEN}");
        if (keys.text("messaging_service").isEmpty()) {
            keys.need("from", "\"+48123456789\" (or messaging_service: MG...)");
        }
    }

    private String account() {
        return keys.required("account", "AC... (Twilio's Account SID)");
    }

    private String token() {
        return keys.required("token", "${TWILIO_AUTH_TOKEN}");
    }

    private String sender() {
        return keys.required("from", "\"+48123456789\" (or messaging_service: MG...)");
    }

    @Override
    public String name() {
        return "sms";
    }

    @Override
    protected Set<String> settings() {
        return Set.of("url", "account", "token", "from", "messaging_service", "max_parts");
    }

    @Override
    public AddressForm addresses() {
        return ADDRESSES;
    }

    @Override
    public TextForm form() {
        return FORM;
    }

    /** Each message costs: what is longer than the configured number of them ends with the advice where to read on. */
    @Override
    protected List<String> parts(String text) {
        List<String> parts = super.parts(text);
        int most = (int) Math.max(1, Math.min(MOST_PARTS, keys.number("max_parts", PARTS)));
        if (parts.size() <= most) {
            return parts;
        }
        List<String> sent = new ArrayList<>(parts.subList(0, most - 1));
        sent.add((parts.size() - sent.size())
                + " more messages of this text are not sent. Read it whole with: kairos output");
        return sent;
    }

    @Override
    protected HttpCall call(DeliveryMessage message, Lookup lookup) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("To", message.address());
        keys.text("messaging_service")
                .ifPresentOrElse(
                        service -> fields.put("MessagingServiceSid", service), () -> fields.put("From", sender()));
        fields.put("Body", message.text());
        return HttpCall.post(URI.create(url + "/2010-04-01/Accounts/" + HttpCall.encoded(account()) + "/Messages.json"))
                .basic(account(), token())
                .form(fields);
    }

    @Override
    protected Optional<String> receipt(Answer answer) {
        return answer.field("sid");
    }

    @Override
    protected Optional<Refusal> refusal(Answer answer) {
        return answer.field("code").filter(code -> !answer.isOk()).flatMap(code -> switch (code) {
            case "20003" -> Optional.of(Refusal.terminal("check delivery.sms.account and delivery.sms.token"));
            case "21211", "21614" -> Optional.of(Refusal.terminal("this is no number that takes text messages"));
            case "21610" -> Optional.of(Refusal.terminal("the person wrote STOP: they must write START first"));
            case "21408" -> Optional.of(Refusal.terminal("allow this country in Twilio's geographic permissions"));
            case "21606", "21659" -> Optional.of(Refusal.terminal("delivery.sms.from is no number of this account"));
            default -> Optional.empty();
        });
    }

    /** One segment per second and number is what Twilio's slowest senders take. */
    @Override
    protected Pace pace() {
        return new Pace(Duration.ofSeconds(1), Duration.ofSeconds(1));
    }
}
