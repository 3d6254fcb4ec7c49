package dev.kairos.channels.platform;

import dev.kairos.api.delivery.DeliveryMessage;
import dev.kairos.channels.AddressForm;
import dev.kairos.channels.Keys;
import dev.kairos.channels.Lookup;
import dev.kairos.channels.Platform;
import dev.kairos.channels.http.Answer;
import dev.kairos.channels.http.HttpCall;
import dev.kairos.channels.text.Markup;
import dev.kairos.channels.text.Measure;
import dev.kairos.channels.text.TextForm;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Home Assistant's REST API: an action of the notify integration, or one of its entities. */
final class HomeAssistant extends Platform {
    /** What a phone shows of a notification; Home Assistant itself has no limit. */
    private static final TextForm FORM = new TextForm(Markup.plain(), Measure.BYTES, 3500);

    private static final String ENTITY = "notify.";
    private static final AddressForm ADDRESSES = AddressForm.of("homeassistant")
            .or("an action of notify", "mobile_app_phone", "[a-z0-9_]{1,128}")
            .or("an entity of notify", "notify.living_room", "notify\\.[a-z0-9_]{1,128}");

    private final Keys keys;
    private final String url;

    HomeAssistant(Keys keys) {
        this.keys = keys;
        this.url = keys.url("url", "");
        keys.need("token", "${HOMEASSISTANT_TOKEN}");
    }

    private String token() {
        return keys.required("token", "${HOMEASSISTANT_TOKEN}");
    }

    @Override
    public String name() {
        return "homeassistant";
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
        boolean isEntity = message.address().startsWith(ENTITY);
        Map<String, Object> body = new LinkedHashMap<>();
        if (isEntity) {
            body.put("entity_id", message.address());
        }
        body.put("title", message.jobName());
        body.put("message", message.text());
        String action = isEntity ? "send_message" : message.address();
        return HttpCall.post(URI.create(url + "/api/services/notify/" + action))
                .bearer(token())
                .json(body);
    }

    /** It answers with the list of states that changed, and names no message. */
    @Override
    protected Optional<String> receipt(Answer answer) {
        return answer.body().strip().startsWith("[") ? Optional.of("") : Optional.empty();
    }

    @Override
    protected String mendUnauthorised() {
        return "make a long-lived access token and put it into delivery.homeassistant.token";
    }
}
