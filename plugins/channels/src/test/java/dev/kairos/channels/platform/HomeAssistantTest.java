package dev.kairos.channels.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.testkit.StandInPlatform.Reply;
import dev.kairos.testkit.StandInPlatform.Request;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Home Assistant REST API, "POST /api/services/<domain>/<service>" (developers.home-assistant.io/docs/api/rest). */
final class HomeAssistantTest extends PlatformTest {
    @Override
    protected String name() {
        return "homeassistant";
    }

    @Override
    protected Map<String, String> settings(String url) {
        return Map.of("url", url, "token", SECRET);
    }

    @Override
    protected List<String> secrets() {
        return List.of(SECRET);
    }

    @Override
    protected List<String> addresses() {
        return List.of("mobile_app_phone", "notify.living_room");
    }

    @Override
    protected List<String> wrongAddresses() {
        return List.of("", "Phone", "light.kitchen", "../x");
    }

    @Override
    protected Reply confirmation() {
        return Reply.of(200, "[]");
    }

    @Override
    protected String receipt() {
        return "";
    }

    @Override
    protected int sizeOf(String part) {
        return part.getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    protected int limit() {
        return 3500;
    }

    @Test
    void theRequestIsTheDocumentedOne() throws Exception {
        Request request = sent("mobile_app_phone", "**done**");
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.target()).isEqualTo("/api/services/notify/mobile_app_phone");
        assertThat(request.headers()).containsEntry("authorization", "Bearer " + SECRET);
        assertThat(request.body()).isEqualTo("{\"title\":\"Backup \u2713\\r\\nX-Evil: 1\",\"message\":\"done\"}");
    }

    @Test
    void anEntityIsWrittenToByItsAction() throws Exception {
        Request request = sent("notify.living_room", "x");
        assertThat(request.target()).isEqualTo("/api/services/notify/send_message");
        assertThat(request.body()).startsWith("{\"entity_id\":\"notify.living_room\",");
    }
}
