package ${package};

import dev.kairos.api.CronScheduler;
import dev.kairos.testkit.CronSchedulerContract;
import java.util.Map;

/** What every provider must keep. */
class ${providerClass}Test extends CronSchedulerContract {
    @Override
    protected CronScheduler create() {
        return new ${providerClass}();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("beat", "1s");
    }
}
