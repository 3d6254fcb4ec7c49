package dev.kairos.builtin;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.InboundEndpoint;
import dev.kairos.api.env.Environment;
import dev.kairos.builtin.plugin.Guard;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a provider answers to callers from outside, behind the guard: its class loader, a bound on the time, whatever it
 * throws an answer without detail. Calls that outlast their bound and do not end are bounded in number. Any thread.
 */
final class GuardedInbound implements InboundEndpoint {
    static final Duration BOUND = Duration.ofSeconds(30);
    /** How many calls may be inside, those that were given up included. */
    static final int MOST = 64;

    private static final Logger LOG = LoggerFactory.getLogger("cron.inbound");
    private static final int LARGEST = 1 << 20;

    private final InboundEndpoint endpoint;
    private final String provider;
    private final ClassLoader loader;
    private final Environment environment;
    private final Guard guard;
    private final String path;
    private final int largestBody;
    private final AtomicInteger inside = new AtomicInteger();
    private final RepeatedFailure failures =
            new RepeatedFailure(LOG, Duration.ofMinutes(1), "cron.inbound the provider's endpoint");

    private GuardedInbound(
            InboundEndpoint endpoint, String provider, ClassLoader loader, Environment environment, Place place) {
        this.endpoint = endpoint;
        this.provider = provider;
        this.loader = loader;
        this.environment = environment;
        this.guard = new Guard(environment);
        this.path = place.path();
        this.largestBody = place.largestBody();
    }

    /** What the endpoint says of itself, asked once. */
    private record Place(String path, int largestBody) {
        boolean isUsable() {
            return path.matches("/api(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+") && largestBody > 0 && largestBody <= LARGEST;
        }
    }

    /** Asks the provider for its endpoint; empty if it has none, or none that can be used, which is logged. */
    static Optional<InboundEndpoint> of(CronScheduler provider, String name, Environment environment) {
        ClassLoader loader = Guard.loaderOf(provider.getClass());
        Guard guard = new Guard(environment);
        Guard.Answer<Optional<InboundEndpoint>> offer =
                guard.call("inbound-offer", loader, Guard.QUICK, () -> provider.capability(InboundEndpoint.class));
        sayTrouble(name, "its offer", offer);
        Optional<InboundEndpoint> offered = offer.value().flatMap(endpoint -> endpoint);
        if (offered.isEmpty()) {
            return Optional.empty();
        }
        InboundEndpoint endpoint = offered.get();
        Guard.Answer<Place> place = guard.call(
                "inbound-place", loader, Guard.QUICK, () -> new Place(endpoint.path(), endpoint.largestBody()));
        sayTrouble(name, "its path", place);
        Optional<Place> usable = place.value().filter(Place::isUsable);
        if (place.value().isPresent() && usable.isEmpty()) {
            LOG.warn(
                    "cron.inbound provider={} not mounted: its path must be /api/ and plain words, its largest body 1 to"
                            + " {} bytes",
                    name,
                    LARGEST);
        }
        return usable.map(where -> new GuardedInbound(endpoint, name, loader, environment, where));
    }

    private static void sayTrouble(String name, String what, Guard.Answer<?> answer) {
        answer.trouble()
                .ifPresent(trouble -> LOG.warn(
                        "cron.inbound provider={} not mounted: {} {}",
                        name,
                        what,
                        trouble,
                        answer.cause().orElse(null)));
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public int largestBody() {
        return largestBody;
    }

    @Override
    public Answer answer(Call call) throws InterruptedException {
        if (inside.get() >= MOST) {
            return new Answer(503, "");
        }
        Guard.Answer<Answer> answer = guard.call("inbound", loader, BOUND, () -> {
            inside.incrementAndGet();
            try {
                return endpoint.answer(call);
            } finally {
                inside.decrementAndGet();
            }
        });
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        answer.trouble().ifPresent(trouble -> report(trouble, answer.cause()));
        return answer.value().orElse(new Answer(answer.cause().isPresent() ? 500 : 503, ""));
    }

    private synchronized void report(String trouble, Optional<Throwable> cause) {
        failures.report(
                environment.uptime(),
                "cron.inbound provider=" + provider + " its endpoint " + trouble,
                cause.orElseGet(() -> new IllegalStateException("it " + trouble)));
    }
}
