package dev.kairos.examples.metronome;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.JobChanges;
import dev.kairos.api.ProviderTraits;
import dev.kairos.api.StopSignal;
import dev.kairos.api.env.Signal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Lets the host look for what is due at every {@code cron.metronome.beat}, and at once when jobs changed. */
public final class MetronomeProvider extends CronScheduler {
    private volatile @Nullable Signal wake;

    @Override
    public String name() {
        return "metronome";
    }

    @Override
    public void start(StopSignal stop) throws InterruptedException {
        Duration beat = context().config().duration("beat").orElse(Duration.ofSeconds(1));
        Signal turn = context().environment().newSignal();
        wake = turn;
        stop.onRaise(turn::raise);
        context().armed();
        while (!stop.isRaised()) {
            try {
                context().tick();
            } catch (RuntimeException awayForNow) {
                // the next beat asks again
            }
            turn.await(beat);
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
