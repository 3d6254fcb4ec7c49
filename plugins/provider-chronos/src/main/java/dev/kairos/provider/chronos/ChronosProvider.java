package dev.kairos.provider.chronos;

import dev.kairos.api.ArmedTriggers;
import dev.kairos.api.CronScheduler;
import dev.kairos.api.FireResult;
import dev.kairos.api.InboundEndpoint;
import dev.kairos.api.JobChanges;
import dev.kairos.api.ProviderHealth;
import dev.kairos.api.ProviderTraits;
import dev.kairos.api.Settings;
import dev.kairos.api.StopSignal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The provider {@code chronos}: an outside portal holds one one-shot per job, at the job's next instant, and calls in when
 * it has come. Between two calls nothing of it waits here, and the process may be gone.
 *
 * <p>Status: experimental since 0.1.
 */
public final class ChronosProvider extends CronScheduler {
    private static final Logger LOG = LoggerFactory.getLogger("cron.chronos");

    /** A call may have to wake a machine first. */
    private static final Duration LATENCY = Duration.ofMinutes(1);

    private final Bounds bounds;
    private final Object lock = new Object();
    private @Nullable Parts parts;
    private volatile boolean isStarted;

    /** What belongs to one host. */
    private record Parts(Registrations registrations, Convergence convergence, Arming arming, FireEndpoint endpoint) {}

    /** As the host makes it. */
    public ChronosProvider() {
        this(Bounds.STANDARD);
    }

    ChronosProvider(Bounds bounds) {
        this.bounds = bounds;
    }

    @Override
    public String name() {
        return "chronos";
    }

    @Override
    public ProviderTraits traits() {
        return ProviderTraits.DEFAULT.within(LATENCY).outlivingTheProcess();
    }

    /**
     * Whether portal, callback and token are configured.
     *
     * @throws dev.kairos.api.InvalidInputException if a setting cannot be used
     */
    @Override
    public boolean isAvailable() {
        Settings config = context().config();
        List<String> missing = ChronosSettings.missing(config);
        if (!missing.isEmpty()) {
            LOG.info("cron.chronos not-configured missing=\"{}\"", String.join(", ", missing));
            return false;
        }
        ChronosSettings.of(config, context().environment().files());
        VerifySettings.of(config);
        return true;
    }

    /**
     * Registers everything with the portal and returns.
     *
     * @throws Exception if the portal cannot be asked, or refuses this client
     */
    @Override
    public void start(StopSignal stop) throws Exception {
        VerifySettings.of(context().config())
                .gap()
                .ifPresent(
                        gap -> LOG.warn("cron.chronos refuses-all-calls reason=\"{}\" set it, or nothing fires", gap));
        arming().begin();
        isStarted = true; // from here on a stop ends it
        boolean isArmed = false;
        try {
            arming().now();
            isArmed = true;
        } catch (NotRegisteredException e) { // the others are armed, and these are tried again
            isArmed = true;
            LOG.warn("cron.chronos not-registered reason=\"{}\"", e.getMessage());
            arming().soon(false);
        } catch (InterruptedException e) {
            if (!stop.isRaised()) {
                throw e;
            }
        } finally {
            if (!isArmed) {
                isStarted = false;
            }
        }
    }

    /** Arms what a last change moved, as far as that is quick. */
    @Override
    public void stop() {
        if (!isStarted) {
            return;
        }
        isStarted = false;
        try {
            arming().end(bounds.courtesy());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Arms, re-arms or cancels what changed, on another thread. */
    @Override
    public void onJobsChanged(JobChanges changes) {
        if (isStarted) {
            arming().soon(changes.isUnknown());
        }
    }

    /**
     * Compares what the portal has with what it should have, and mends it.
     *
     * @throws RuntimeException if that failed for some jobs, which it names, or for all
     */
    @Override
    public void reconcile() {
        try {
            arming().now();
        } catch (PortalException e) {
            throw new NotRegisteredException("no job could be registered: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotRegisteredException(
                    e.getMessage() == null ? "the time for registering the jobs was over" : e.getMessage());
        }
    }

    /**
     * Has the portal forget whatever it has armed.
     *
     * @throws RuntimeException if something is left there, with what and why
     */
    @Override
    public void disarm() {
        try {
            arming().takeBack();
        } catch (PortalException e) {
            throw new NotRegisteredException("the portal keeps its triggers: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotRegisteredException("the time for taking back the triggers was over");
        }
    }

    /** Claims and runs, then has the job's next one-shot armed. */
    @Override
    public boolean fireDue(String jobId) throws InterruptedException {
        try {
            return super.fireDue(jobId);
        } finally {
            parts().registrations().spent(jobId, Optional.empty());
            arming().soon(false).join(bounds.call());
        }
    }

    @Override
    public ProviderHealth health() {
        Parts made;
        synchronized (lock) {
            made = parts;
        }
        return made == null ? ProviderHealth.unknown() : made.arming().health();
    }

    @Override
    public <T> Optional<T> capability(Class<T> type) {
        if (type.equals(InboundEndpoint.class)) {
            return Optional.of(type.cast(parts().endpoint()));
        }
        if (type.equals(ArmedTriggers.class)) {
            ArmedTriggers armed = parts().convergence()::armed;
            return Optional.of(type.cast(armed));
        }
        return Optional.empty();
    }

    /** The next trigger is armed before the portal is told that this one is used up: a process that dies leaves one. */
    private void came(String jobId, Optional<Instant> fireAt, FireResult result) throws InterruptedException {
        parts().registrations().spent(jobId, fireAt);
        if (result instanceof FireResult.Claimed won) {
            won.completion().whenComplete((row, trouble) -> onJobsChanged(JobChanges.of(Set.of(jobId))));
        }
        arming().soon(false).join(bounds.courtesy());
    }

    private Arming arming() {
        return parts().arming();
    }

    private Parts parts() {
        synchronized (lock) {
            Parts made = parts;
            if (made == null) {
                Registrations registrations = new Registrations();
                Portals portals = new Portals(context().config(), context().environment(), bounds);
                Convergence convergence = new Convergence(context(), portals, registrations);
                made = new Parts(
                        registrations,
                        convergence,
                        new Arming(context().environment(), convergence),
                        new FireEndpoint(context(), bounds, this::came));
                parts = made;
            }
            return made;
        }
    }
}
