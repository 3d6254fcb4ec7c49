package dev.kairos.builtin;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.JobChanges;
import dev.kairos.builtin.plugin.Guard;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells one provider what moved, in order, on the supervisor's thread. */
final class ChangeTeller {
    private static final Logger LOG = LoggerFactory.getLogger("cron.provider");

    private final String name;
    private final CronScheduler provider;
    private final Supplier<Optional<JobChanges>> changes;
    private final Guard guard;

    /**
     * A teller.
     *
     * @param changes what moved since asked last
     */
    ChangeTeller(String name, CronScheduler provider, Supplier<Optional<JobChanges>> changes, Guard guard) {
        this.name = name;
        this.provider = provider;
        this.changes = changes;
        this.guard = guard;
    }

    /** Tells what there is to be told. */
    void look() {
        Optional<JobChanges> moved = changes.get();
        if (moved.isPresent()) {
            Guard.Answer<Boolean> told =
                    guard.call("provider-changes", Guard.loaderOf(provider.getClass()), Guard.QUICK, () -> {
                        provider.onJobsChanged(moved.get());
                        return true;
                    });
            told.trouble()
                    .ifPresent(trouble -> LOG.warn(
                            "cron.provider name={} onJobsChanged {}",
                            name,
                            trouble,
                            told.cause().orElse(null)));
        }
    }
}
