package dev.kairos.provider.quartz;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.env.Environment;
import dev.kairos.builtin.system.SystemEnvironment;
import dev.kairos.testkit.CronSchedulerContract;

class InMemoryContractTest extends CronSchedulerContract {
    @Override
    protected CronScheduler create() {
        return new QuartzProvider();
    }

    @Override
    protected Environment environment() {
        return new SystemEnvironment();
    }
}
