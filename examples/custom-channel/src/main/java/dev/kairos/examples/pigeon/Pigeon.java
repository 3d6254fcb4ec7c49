package dev.kairos.examples.pigeon;

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
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Pigeon takes plain words of 500 characters: POST /lofts/LOFT/notes, answered by {"note":{"ring":"..."}}. */
final class Pigeon extends Platform {
    private final Keys keys;
    private final String url;

    Pigeon(Keys keys) {
        this.keys = keys;
        this.url = keys.url("url", "https://pigeon.example");
        keys.need("token", "${PIGEON_TOKEN}");
    }

    @Override
    public String name() {
        return "pigeon";
    }

    @Override
    protected Set<String> settings() {
        return Set.of("url", "token");
    }

    @Override
    public AddressForm addresses() {
        return AddressForm.of("pigeon").or("a loft", "north-tower", "[a-z][a-z0-9-]{1,40}");
    }

    @Override
    public TextForm form() {
        return new TextForm(Markup.plain(), Measure.CHARACTERS, 500);
    }

    @Override
    protected HttpCall call(DeliveryMessage message, Lookup lookup) {
        return HttpCall.post(URI.create(url + "/lofts/" + HttpCall.encoded(message.address()) + "/notes"))
                .bearer(keys.required("token", "${PIGEON_TOKEN}"))
                .json(Map.of("words", message.text()));
    }

    @Override
    protected Optional<String> receipt(Answer answer) {
        return answer.field("note", "ring");
    }
}
