package ${package};

import dev.kairos.api.CronScheduler;
import dev.kairos.api.JobChanges;
import dev.kairos.api.ProviderTraits;
import dev.kairos.api.StopSignal;
import dev.kairos.api.env.Signal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the host for a pass whenever something is due, and at every {@code cron.${providerName}.beat}. */
public final class ${providerClass} extends CronScheduler {
    private static final Logger LOG = LoggerFactory.getLogger("cron.${providerName}");
    private static final Duration RETRY = Duration.ofSeconds(1);

    private volatile @Nullable Signal wake;

    @Override
    public String name() {
        return "${providerName}";
    }

    /** On a thread of the host's; says in {@link #traits} that it returns only at the stop. */
    @Override
    public void start(StopSignal stop) throws InterruptedException {
        Duration beat = context().config().duration("beat").orElse(Duration.ofSeconds(5));
        Signal turn = context().environment().newSignal();
        wake = turn;
        stop.onRaise(turn::raise);
        context().armed();
        while (!stop.isRaised()) {
            turn.await(pass(beat));
        }
    }

    /** Lets the host claim what is due, and says how long to wait. A pass that fails is tried again. */
    private Duration pass(Duration beat) {
        try {
            return context()
                    .tick()
                    .nextWakeAt()
                    .map(next -> Duration.between(context().environment().now(), next))
                    .filter(wait -> wait.compareTo(beat) < 0)
                    .orElse(beat);
        } catch (RuntimeException e) {
            LOG.warn("cron.${providerName} a pass failed; another one follows", e);
            return RETRY;
        }
    }

    @Override
    public void onJobsChanged(JobChanges changes) {
        Signal turn = wake;
        if (turn != null) {
            turn.raise();
        }
    }

    @Override
    public ProviderTraits traits() {
        return ProviderTraits.DEFAULT.blocking().within(Duration.ofSeconds(2));
    }
}
