package dev.kairos.examples.metronome;

import dev.kairos.api.CronScheduler;
import dev.kairos.testkit.CronSchedulerContract;
import java.util.Map;

/** What every provider must keep. */
class MetronomeProviderTest extends CronSchedulerContract {
    @Override
    protected CronScheduler create() {
        return new MetronomeProvider();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("beat", "1s");
    }
}
