package dev.kairos.testkit.sim;

import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.delivery.DeliveryException;
import dev.kairos.api.delivery.DeliveryMessage;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A platform that confirms, refuses, answers late or not at all, as chance has it. */
final class SimChannel implements DeliveryChannel {
    /** One that recognises no repetition. */
    static final String PLAIN = "plain";

    /** One that recognises a repetition by its key. */
    static final String KEYED = "keyed";

    static final Set<String> PLATFORMS = Set.of(PLAIN, KEYED);

    private final SimWorld world;
    private final SimProcess process;
    private final SimEnvironment environment;
    private final String platform;
    private final boolean recognisesRepetition;

    SimChannel(SimWorld world, SimEnvironment environment, String platform) {
        this.world = world;
        this.environment = environment;
        this.process = environment.process();
        this.platform = platform;
        this.recognisesRepetition = platform.equals(KEYED);
    }

    @Override
    public String platform() {
        return platform;
    }

    @Override
    public void checkAddress(String address) {
        // every address will do
    }

    @Override
    public Duration recognisesRepetitionFor() {
        return recognisesRepetition ? Duration.ofDays(7) : Duration.ZERO;
    }

    @Override
    public String send(DeliveryMessage message) throws DeliveryException, InterruptedException {
        String key = message.idempotencyKey();
        world.watch.sends(process, key);
        int drawn = world.work.nextInt(100);
        try {
            environment.sleep(Duration.ofMillis(world.work.nextInt(drawn < 90 || world.isQuiet() ? 1_000 : 30_000)));
        } catch (InterruptedException e) {
            world.watch.sent(process, key, DeliveryException.Kind.UNKNOWN_FATE, recognisesRepetition);
            throw e;
        }
        DeliveryException.Kind trouble = trouble(drawn);
        world.watch.sent(process, key, trouble, recognisesRepetition);
        if (trouble == null) {
            return "receipt";
        }
        Duration retryAfter = drawn % 5 == 0 ? Duration.ofSeconds(90L + drawn) : null;
        throw new DeliveryException(trouble, "the platform said no", retryAfter, null);
    }

    private static DeliveryException.@Nullable Kind trouble(int drawn) {
        if (drawn < 65) {
            return null;
        }
        return drawn < 85
                ? DeliveryException.Kind.TRANSIENT
                : drawn < 90 ? DeliveryException.Kind.TERMINAL : DeliveryException.Kind.UNKNOWN_FATE;
    }
}
