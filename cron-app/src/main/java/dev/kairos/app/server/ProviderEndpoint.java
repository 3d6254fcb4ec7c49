package dev.kairos.app.server;

import dev.kairos.api.InboundEndpoint;
import java.util.Optional;
import java.util.Set;

/** Hands calls on to what the provider mounts. The provider itself tells a rightful call from a forged one. */
final class ProviderEndpoint implements Endpoint {
    private final InboundEndpoint inbound;

    ProviderEndpoint(InboundEndpoint inbound) {
        this.inbound = inbound;
    }

    @Override
    public Set<String> methods() {
        return Set.of("POST");
    }

    @Override
    public boolean needsToken() {
        return false;
    }

    @Override
    public int largestBody() {
        return inbound.largestBody();
    }

    @Override
    public HttpAnswer answer(HttpCall call) throws InterruptedException {
        InboundEndpoint.Answer answer = inbound.answer(new InboundEndpoint.Call() {
            @Override
            public Optional<String> header(String name) {
                return call.header().apply(name);
            }

            @Override
            public byte[] body() {
                return call.body();
            }

            @Override
            public String from() {
                return call.from();
            }
        });
        return HttpAnswer.of(answer.status(), answer.json());
    }
}
