package dev.kairos.provider.quartz;

import dev.kairos.api.ArmedTriggers;
import dev.kairos.api.CronScheduler;
import dev.kairos.api.InvalidInputException;
import dev.kairos.api.JobChanges;
import dev.kairos.api.ProviderHealth;
import dev.kairos.api.ProviderTraits;
import dev.kairos.api.StopSignal;
import dev.kairos.api.env.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The provider {@code quartz}: each job has one trigger in Quartz, at its next instant. Settings stand under {@code
 * cron.quartz}; {@code docs/providers.md} lists them.
 *
 * <p>Status: experimental since 0.1.
 */
public final class QuartzProvider extends CronScheduler {
    private static final Logger LOG = LoggerFactory.getLogger("cron.quartz");
    /** What the node that armed it leaves to another one may come so late; from memory it comes at once. */
    private static final Duration LATENCY = Duration.ofSeconds(10);
    /** Less than the bound of {@link #stop}. */
    private static final Duration TO_END = Duration.ofSeconds(9);

    private static final Duration AT_ONCE = Duration.ofMillis(500);

    /** Held while an engine is made or taken down: a start that goes on is waited for by the stop. */
    private final Object turn = new Object();

    private volatile @Nullable QuartzEngine engine;
    private volatile @Nullable Task raised;

    /** For the host, which makes it without parameters. */
    public QuartzProvider() {}

    @Override
    public String name() {
        return "quartz";
    }

    /** @throws InvalidInputException if a setting is missing or wrong; it names the key and shows a right value */
    @Override
    public boolean isAvailable() {
        QuartzSettings.of(context().config());
        return true;
    }

    @Override
    public void start(StopSignal stop) throws Exception {
        QuartzSettings settings = QuartzSettings.of(context().config());
        QuartzEngine made;
        synchronized (turn) {
            if (stop.isRaised()) {
                return;
            }
            takeDown();
            made = QuartzEngine.open(settings, context());
            engine = made;
        }
        stop.onRaise(() -> raised = context().environment().start("cron-quartz-stop", () -> takeDown(made)));
        try {
            made.begin(); // asks the host, which may take its time: a stop does not wait for it
        } catch (Exception e) {
            takeDown(made);
            if (!stop.isRaised()) {
                throw e;
            }
        }
    }

    @Override
    public void stop() {
        synchronized (turn) {
            takeDown();
        }
        Task other = raised;
        if (other != null) {
            join(other, AT_ONCE);
        }
    }

    private void takeDown(QuartzEngine ended) {
        synchronized (turn) {
            if (engine == ended) {
                takeDown();
            }
        }
    }

    private void takeDown() {
        QuartzEngine running = engine;
        engine = null;
        if (running == null) {
            return;
        }
        join(context().environment().start("cron-quartz-end", running::end), TO_END);
    }

    private static void join(Task end, Duration bound) {
        try {
            if (!end.join(bound)) {
                LOG.warn("cron.quartz did not end within {}; its threads are left behind", bound);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void onJobsChanged(JobChanges changes) {
        QuartzEngine running = engine;
        if (running != null) {
            running.changed(changes);
        }
    }

    @Override
    public void reconcile() {
        QuartzEngine running = engine;
        if (running != null) {
            running.reconcile();
        }
    }

    /** Its triggers live in a database at most: they fire while a node of ours lives. */
    @Override
    public ProviderTraits traits() {
        return ProviderTraits.DEFAULT.within(LATENCY);
    }

    @Override
    public ProviderHealth health() {
        QuartzEngine running = engine;
        if (running == null) {
            return ProviderHealth.unknown();
        }
        Optional<String> trouble = running.trouble();
        return trouble.isPresent() ? ProviderHealth.failing(trouble.get()) : ProviderHealth.healthy();
    }

    /** It can tell what is armed: {@link ArmedTriggers}. */
    @Override
    public <T> Optional<T> capability(Class<T> type) {
        if (type != ArmedTriggers.class) {
            return Optional.empty();
        }
        ArmedTriggers triggers = this::armed;
        return Optional.of(type.cast(triggers));
    }

    private Map<String, Instant> armed() throws Exception {
        QuartzEngine running = engine;
        return running == null ? Map.of() : running.armed();
    }
}
