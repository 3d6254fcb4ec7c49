package dev.kairos.builtin;

import dev.kairos.api.env.Environment;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The built-in ticker in the place of a provider that does not fire, and why. Begun and ended on the supervisor's thread;
 * any thread may ask and wake.
 */
final class Cover {
    /** What is wrong with the provider. */
    enum Fault {
        /** Its start takes too long. */
        NOT_ARMED,
        /** It ended. */
        DEAD,
        /** It is armed and does not fire. */
        DEAF
    }

    private static final Logger LOG = LoggerFactory.getLogger("cron.provider");

    private final Environment environment;
    private final ProviderContexts contexts;
    private final Resolution resolution;
    private final Runnable onChange;
    private volatile @Nullable ProviderLife life;
    private volatile @Nullable BuiltinScheduler ticker;
    private volatile Optional<String> because = Optional.empty();
    private volatile Optional<Fault> fault = Optional.empty();

    Cover(ProviderContexts contexts, Resolution resolution, Runnable onChange) {
        this.environment = contexts.environment();
        this.contexts = contexts;
        this.resolution = resolution;
        this.onChange = onChange;
    }

    /** Why the provider is covered, a clause; empty while it is not. */
    Optional<String> because() {
        return because;
    }

    boolean isOn() {
        return because.isPresent();
    }

    /** What is wrong with the provider; empty while it is not covered. */
    Optional<Fault> fault() {
        return fault;
    }

    /** Lets the ticker fire, and says why, once. While it does, another fault replaces the one before, in status alone. */
    void begin(Fault present, String why, Optional<Throwable> cause, AheadTicks ticks) {
        boolean wasOn = isOn();
        if (!fault.equals(Optional.of(present))) {
            fault = Optional.of(present);
            because = Optional.of(why);
        }
        if (wasOn) {
            return;
        }
        LOG.warn(
                "cron.provider name={} does not fire: {}; {}",
                resolution.name(),
                why,
                resolution.isBuiltin() ? "it is started again" : "the built-in ticker covers until it does",
                cause.orElse(null));
        contexts.core().publishWarning("cron.provider-covered", "provider", resolution.name(), "reason", why);
        if (resolution.isBuiltin()) {
            return;
        }
        BuiltinScheduler covering = new BuiltinScheduler();
        HostContext context = contexts.bindCover(covering, ticks);
        ProviderLife begun = new ProviderLife(environment, covering, onChange);
        context.onArmed(begun::armed);
        ticker = covering;
        life = begun;
        begun.begin("cron-ticker");
        contexts.observer().noted();
    }

    /** The provider fires again. */
    void handBack(Duration bound) throws InterruptedException {
        end(bound);
        LOG.info("cron.provider name={} fires again; the built-in ticker hands back", resolution.name());
        contexts.core().publish("cron.provider-handed-back", "provider", resolution.name());
        contexts.observer().noted();
    }

    /** Ends the ticker within about the bound, without a word. */
    void end(Duration bound) throws InterruptedException {
        ProviderLife covering = life;
        if (covering != null) {
            covering.end(bound);
        }
        life = null;
        ticker = null;
        because = Optional.empty();
        fault = Optional.empty();
    }

    /** Something may be due sooner than known. */
    void wake() {
        BuiltinScheduler covering = ticker;
        if (covering != null) {
            covering.wake();
        }
    }
}
