package dev.kairos.provider.dbscheduler;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.env.Environment;
import dev.kairos.builtin.system.SystemEnvironment;
import dev.kairos.testkit.CronSchedulerContract;
import dev.kairos.testkit.MapSettings;
import dev.kairos.testkit.RecordingCronContext;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;

class DbSchedulerContractTest extends CronSchedulerContract {
    /** Its threads are none that the provider leaves, whichever test comes first. */
    @BeforeAll
    static void theServerIsThereBefore() {
        Postgres.freshUrl();
    }

    @Override
    protected CronScheduler create() {
        return new DbSchedulerProvider();
    }

    @Override
    protected Environment environment() {
        return new SystemEnvironment();
    }

    @Override
    protected RecordingCronContext host(Environment environment) {
        Map<String, String> settings =
                Map.of("url", Postgres.freshUrl(), "user", "postgres", "polling_interval", "PT0.2S");
        return new RecordingCronContext(environment, Duration.ofSeconds(60), MapSettings.of(settings));
    }
}
