package dev.kairos.builtin;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.env.Environment;
import dev.kairos.builtin.system.SystemEnvironment;
import dev.kairos.testkit.CronSchedulerContract;

class BuiltinSchedulerContractTest extends CronSchedulerContract {
    private static final Environment MACHINE = new SystemEnvironment();

    @Override
    protected CronScheduler create() {
        return new BuiltinScheduler();
    }

    @Override
    protected Environment environment() {
        return MACHINE;
    }
}
