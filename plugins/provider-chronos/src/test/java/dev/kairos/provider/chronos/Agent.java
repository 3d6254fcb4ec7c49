package dev.kairos.provider.chronos;

import dev.kairos.api.InboundEndpoint;
import dev.kairos.api.InboundEndpoint.Answer;
import dev.kairos.api.StopSignal;
import dev.kairos.testkit.MapSettings;
import dev.kairos.testkit.RecordingCronContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A provider bound to a host that remembers, with the settings of a stand-in portal. */
final class Agent {
    static final Bounds SHORT =
            new Bounds(Duration.ofSeconds(2), Duration.ofMillis(1), Duration.ofSeconds(1), Duration.ofSeconds(2));

    final Map<String, String> settings = new HashMap<>();
    final RecordingCronContext host;
    final ChronosProvider provider = new ChronosProvider(SHORT);

    Agent(SteppedTime environment, String portal, Tokens signer) {
        settings.putAll(Map.of(
                "portal_url",
                portal,
                "callback_url",
                "https://agent.example",
                "token",
                StandInPortal.TOKEN,
                "expected_audience",
                Tokens.AUDIENCE,
                "public_key",
                signer.pem()));
        host = new RecordingCronContext(environment, Duration.ofSeconds(60), MapSettings.of(settings));
        provider.bind(host);
    }

    InboundEndpoint endpoint() {
        return provider.capability(InboundEndpoint.class).orElseThrow();
    }

    /** What a call with the token and the body is answered. */
    Answer call(String token, String body) throws InterruptedException {
        return endpoint().answer(new InboundEndpoint.Call() {
            @Override
            public Optional<String> header(String name) {
                return name.equalsIgnoreCase("authorization") ? Optional.of("Bearer " + token) : Optional.empty();
            }

            @Override
            public byte[] body() {
                return body.getBytes(StandardCharsets.UTF_8);
            }

            @Override
            public String from() {
                return "192.0.2.7";
            }
        });
    }

    /** A signal that nobody raises. */
    static StopSignal never() {
        return new StopSignal() {
            @Override
            public boolean isRaised() {
                return false;
            }

            @Override
            public boolean await(Duration atMost) {
                return false;
            }

            @Override
            public void onRaise(Runnable action) {}
        };
    }
}
