package dev.kairos.builtin;

import dev.kairos.api.ArmedTriggers;
import dev.kairos.api.CronScheduler;
import dev.kairos.api.DesiredTrigger;
import dev.kairos.api.FireRequest;
import dev.kairos.api.JobChanges;
import dev.kairos.api.ProviderTraits;
import dev.kairos.api.StopSignal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A provider with one trigger for each job, whose registry, as an outside scheduler's, outlives the process and the object:
 * here it is the static fields. It fires while it is started.
 */
public final class OutsideProvider extends CronScheduler {
    static final Map<String, Instant> ARMED = new ConcurrentHashMap<>();
    static final List<String> CALLS = new CopyOnWriteArrayList<>();
    static volatile boolean isAvailable = true;
    static volatile boolean isSilent;
    static volatile boolean failsToReconcile;
    static volatile boolean outlives = true;
    static volatile Duration pace = Duration.ofMillis(20);

    static void forget() {
        ARMED.clear();
        CALLS.clear();
        isAvailable = true;
        isSilent = false;
        failsToReconcile = false;
        outlives = true;
        pace = Duration.ofMillis(20);
    }

    @Override
    public String name() {
        return "outside";
    }

    @Override
    public boolean isAvailable() {
        return isAvailable;
    }

    @Override
    public void start(StopSignal stop) throws InterruptedException {
        CALLS.add("start");
        armAll();
        context().armed();
        while (!stop.await(pace)) {
            Instant now = context().environment().now();
            ARMED.forEach((jobId, at) -> {
                if (!isSilent && !at.isAfter(now) && ARMED.remove(jobId, at)) {
                    context().fire(FireRequest.of(jobId).at(at));
                }
            });
        }
    }

    @Override
    public void stop() {
        CALLS.add("stop");
    }

    private void armAll() {
        ARMED.clear();
        context().desiredTriggers().forEach(OutsideProvider::arm);
    }

    private static void arm(DesiredTrigger trigger) {
        ARMED.put(trigger.jobId(), trigger.dueAt());
    }

    @Override
    public void onJobsChanged(JobChanges changes) {
        List<DesiredTrigger> desired = context().desiredTriggers();
        changes.jobIds().forEach(ARMED::remove);
        desired.stream()
                .filter(trigger -> changes.isUnknown() || changes.jobIds().contains(trigger.jobId()))
                .forEach(OutsideProvider::arm);
    }

    @Override
    public void reconcile() {
        CALLS.add("reconcile");
        if (failsToReconcile) {
            throw new IllegalStateException("portal refused");
        }
        armAll();
    }

    @Override
    public void disarm() {
        CALLS.add("disarm");
        ARMED.clear();
    }

    @Override
    public ProviderTraits traits() {
        ProviderTraits traits = ProviderTraits.DEFAULT.blocking();
        return outlives ? traits.outlivingTheProcess() : traits;
    }

    @Override
    public <T> Optional<T> capability(Class<T> type) {
        ArmedTriggers triggers = () -> Map.copyOf(ARMED);
        return type == ArmedTriggers.class ? Optional.of(type.cast(triggers)) : Optional.empty();
    }
}
