package dev.kairos.examples.pigeon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.delivery.ChannelContext;
import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.env.Environment;
import dev.kairos.builtin.CronRuntime;
import dev.kairos.builtin.Sent;
import dev.kairos.builtin.system.SystemEnvironment;
import dev.kairos.testkit.HttpChannelContract;
import dev.kairos.testkit.StandInPlatform.Reply;
import dev.kairos.testkit.StandInPlatform.Request;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pigeon passes the contract of Kairos's own platforms, and a host finds it. */
final class PigeonTest extends HttpChannelContract {
    private static final String TOKEN = "c00-c00-c00-c00";

    private final Environment environment = new SystemEnvironment();

    @Override
    protected Environment environment() {
        return environment;
    }

    @Override
    protected DeliveryChannel open(ChannelContext context) {
        return new PigeonChannels().open("pigeon", context);
    }

    @Override
    protected String name() {
        return "pigeon";
    }

    @Override
    protected Map<String, String> settings(String url) {
        return Map.of("url", url, "token", TOKEN);
    }

    @Override
    protected List<String> secrets() {
        return List.of(TOKEN);
    }

    @Override
    protected List<String> addresses() {
        return List.of("north-tower");
    }

    @Override
    protected List<String> wrongAddresses() {
        return List.of("", "North Tower", "../cellar");
    }

    @Override
    protected Reply confirmation() {
        return Reply.of(201, "{\"note\":{\"ring\":\"blue-7\"}}");
    }

    @Override
    protected String receipt() {
        return "blue-7";
    }

    @Override
    protected int sizeOf(String part) {
        return part.codePointCount(0, part.length());
    }

    @Override
    protected int limit() {
        return 500;
    }

    @Test
    void theRequestIsTheDocumentedOne() throws Exception {
        Request request = sent("north-tower", "All is **well**.");
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.target()).isEqualTo("/lofts/north-tower/notes");
        assertThat(request.headers()).containsEntry("authorization", "Bearer " + TOKEN);
        assertThat(request.body()).isEqualTo("{\"words\":\"All is well.\"}");
    }

    @Test
    void aHostFindsItOnTheClassPath(@TempDir Path home) {
        platform().always(confirmation());
        try (CronRuntime runtime = CronRuntime.builder()
                .home(home)
                .variables(Map.of())
                .setting("delivery.pigeon.url", platform().url())
                .setting("delivery.pigeon.token", TOKEN)
                .setting("store.url", "memory:")
                .build()) {
            assertThat(runtime.platforms()).contains("pigeon");
            List<Sent> sent = runtime.deliver("pigeon:north-tower", "hello", "title");
            assertThat(sent).hasSize(1);
            assertThat(sent.get(0).receipts()).containsExactly("blue-7");
        }
    }
}
