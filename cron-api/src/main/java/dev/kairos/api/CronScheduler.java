package dev.kairos.api;

import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A provider: decides WHEN a job is due. It never runs a job and never delivers anything; it tells the host through
 * {@link CronContext#fire} or {@link CronContext#tick}.
 *
 * <p>Required are {@link #name} and {@link #start}, for ever; everything added later has a default body. A provider has a
 * public constructor without parameters, keeps no static state and opens no server port. Lifecycle: construct, {@code
 * name}, {@link #bind}, {@code isAvailable}, {@code start}, {@code stop}; it may be started again after a stop. Calls come
 * from host threads with the plug-in's class loader as context loader; {@code start} and {@code stop} of one instance
 * never overlap except that {@code stop} may come while a blocking {@code start} runs. Status: experimental since 0.1.
 */
public abstract class CronScheduler {
    private @Nullable CronContext context;

    /** For subclasses. Does nothing: constructing a provider has no effect. */
    protected CronScheduler() {}

    /** The word by which {@code cron.provider} selects it: lower-case letters, digits and dashes. Must not block. */
    public abstract String name();

    /**
     * Begins to pull the trigger. May block until the stop signal (then {@link #traits} says so) or arm and return.
     *
     * @throws Exception any trouble; the built-in ticker covers and the start is tried again later
     */
    public abstract void start(StopSignal stop) throws Exception;

    /** Whether its configuration is present. Opens no connection; bounded to a few seconds by the host. */
    public boolean isAvailable() {
        return true;
    }

    /** Eager teardown beside the stop signal. Idempotent; returns within ten seconds. */
    public void stop() {}

    /**
     * Some jobs' due instants moved, in this process or another. Called in order, after the commit, not while a {@link
     * #reconcile} goes on; must not block long. What it throws is shown, and it is told of everything again soon.
     */
    public void onJobsChanged(JobChanges changes) {}

    /**
     * An outside trigger says that the job is due. The default claims through the context and waits for the run.
     *
     * <p>Called on the thread of whoever heard the trigger; calls may overlap. It waits for as long as the run goes on, to
     * which the host sets a bound (the job's {@code timeout}), and sets none itself. Whoever cannot wait so long calls
     * {@link CronContext#fire}, which returns once the claim is committed.
     *
     * @return true only if THIS call won the claim and the job ran to an end
     * @throws InterruptedException if the wait was interrupted; the run goes on
     */
    public boolean fireDue(String jobId) throws InterruptedException {
        Optional<FireResult.Claimed> claimed =
                context().fire(FireRequest.of(jobId)).fold(Optional::of, refused -> Optional.empty());
        if (claimed.isEmpty()) {
            return false;
        }
        try {
            return claimed.get().completion().toCompletableFuture().get().hasRun();
        } catch (ExecutionException e) {
            return false;
        }
    }

    /**
     * Converges an external registry toward the store: arm what is missing, re-arm what moved, cancel orphans. Idempotent.
     *
     * <p>Called on a thread of the host, after {@link #bind} and perhaps without a {@code start}, never twice at a time. It
     * may block, on the network for example, and ends promptly when its thread is interrupted, as it is after 30 seconds.
     * What it throws is shown, and it is called again soon.
     */
    public void reconcile() {}

    /**
     * Takes back whatever it armed outside of this process: another provider takes its place, or it is removed. Only asked
     * of one whose {@link #traits} say that its triggers outlive the process. Idempotent.
     *
     * <p>Called on a thread of the host, after {@link #stop} or without a {@code start} at all. It may block and ends
     * promptly when its thread is interrupted, as it is after 30 seconds. What it leaves armed harms nothing: whoever fires
     * too late claims nothing. What it throws is shown.
     */
    public void disarm() {}

    /**
     * What the host must know of its manners. Any thread, before or after {@code start}; the same for a whole life, and
     * answered at once: it opens no connection and must not block.
     */
    public ProviderTraits traits() {
        return ProviderTraits.DEFAULT;
    }

    /**
     * How it is; asked now and then, on a thread of the host. Calls may overlap with any other. It says what is known
     * already: it opens no connection and returns within five seconds.
     */
    public ProviderHealth health() {
        return ProviderHealth.unknown();
    }

    /**
     * What the provider offers to a host that asks for it, an {@link InboundEndpoint} for example. Asked once per life,
     * after {@link #bind} and before {@link #start}; opens no connection.
     *
     * @return empty for whatever it does not know
     */
    public <T> Optional<T> capability(Class<T> type) {
        return Optional.empty();
    }

    /** Gives the provider its host. Called once per life by the host, before anything but {@code name}. */
    public final void bind(CronContext host) {
        this.context = host;
    }

    /**
     * The host.
     *
     * @throws IllegalStateException before {@link #bind}
     */
    protected final CronContext context() {
        CronContext bound = context;
        if (bound == null) {
            throw new IllegalStateException("provider " + name() + " is not bound to a host yet");
        }
        return bound;
    }
}
