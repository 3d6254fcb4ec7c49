package dev.kairos.examples.pulse;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.ProviderTraits;
import dev.kairos.api.StopSignal;
import java.time.Duration;

/** A provider that asks for a pass at every beat of its own: {@code cron.pulse.beat}, 5 s unless said otherwise. */
public final class PulseProvider extends CronScheduler {
    @Override
    public String name() {
        return "pulse";
    }

    @Override
    public void start(StopSignal stop) throws InterruptedException {
        Duration beat = context().config().duration("beat").orElse(Duration.ofSeconds(5));
        context().armed();
        do {
            context().tick();
        } while (!stop.await(beat));
    }

    @Override
    public ProviderTraits traits() {
        return ProviderTraits.DEFAULT.blocking();
    }
}
