package dev.kairos.provider.chronos;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.InboundEndpoint;
import dev.kairos.api.env.Environment;
import dev.kairos.testkit.CronSchedulerContract;
import dev.kairos.testkit.MapSettings;
import dev.kairos.testkit.RecordingCronContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The contract behind a portal that calls back over HTTP. */
class ChronosProviderTest extends CronSchedulerContract {
    private static final Tokens KEY = Tokens.rsa("k1");

    private final SteppedTime environment = new SteppedTime();
    private final StandInPortal portal = new StandInPortal(environment).firing(KEY);
    private final EndpointServer server = new EndpointServer(environment);
    private final Map<String, String> settings = new HashMap<>();
    private RecordingCronContext host;
    private ChronosProvider provider;

    @Override
    protected CronScheduler create() {
        provider = new ChronosProvider();
        return provider;
    }

    @Override
    protected Environment environment() {
        return environment;
    }

    @Override
    protected RecordingCronContext host(Environment given) {
        settings.putAll(Map.of(
                "portal_url", portal.url(),
                "callback_url", server.url(),
                "token", StandInPortal.TOKEN,
                "expected_audience", Tokens.AUDIENCE,
                "public_key", KEY.pem()));
        host = new RecordingCronContext(given, Duration.ofSeconds(60), MapSettings.of(settings));
        return host;
    }

    @BeforeEach
    void mountTheEndpoint() {
        server.mount(provider.capability(InboundEndpoint.class).orElseThrow());
    }

    @AfterEach
    void closeServers() {
        portal.close();
        server.close();
    }
}
