package dev.kairos.builtin;

import dev.kairos.api.CronContext;
import dev.kairos.api.DesiredTrigger;
import dev.kairos.api.FireRequest;
import dev.kairos.api.FireResult;
import dev.kairos.api.Settings;
import dev.kairos.api.TickReport;
import dev.kairos.api.env.Environment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What one provider sees of the host. */
final class HostContext implements CronContext {
    private final String provider;
    private final FiringCore core;
    private final Environment environment;
    private final Configuration configuration;
    private final Map<Class<?>, Object> capabilities;
    private volatile Runnable onArmed = () -> {};
    private volatile Attempts attempts = Attempts.NONE;
    private volatile boolean isRetired;

    HostContext(
            String provider,
            FiringCore core,
            Environment environment,
            Configuration configuration,
            Map<Class<?>, Object> capabilities) {
        this.provider = provider;
        this.core = core;
        this.environment = environment;
        this.configuration = configuration;
        this.capabilities = Map.copyOf(capabilities);
    }

    /** Whom to tell when the provider says that it is armed. */
    void onArmed(Runnable action) {
        onArmed = action;
    }

    /** Who hears each of its attempts to fire. */
    void onAttempt(Attempts hearer) {
        attempts = hearer;
    }

    /** Another provider has taken its place: nothing it fires counts any more. */
    void retire() {
        isRetired = true;
    }

    @Override
    public FireResult fire(FireRequest request) {
        if (isRetired) {
            return new FireResult.NotClaimed(FireResult.Reason.STOPPING, Optional.empty());
        }
        Attempts hearer = attempts;
        hearer.begins(request.jobId());
        FireResult result = new FireResult.NotClaimed(FireResult.Reason.STORE_UNAVAILABLE, Optional.empty());
        try {
            result = core.fire(request, provider);
        } finally {
            hearer.ended(request.jobId(), result); // if it throws, something stood in the way of the claim
        }
        return result;
    }

    @Override
    public TickReport tick() {
        if (isRetired) {
            return new TickReport(environment.now(), List.of(), 0, 0, 0, false, Optional.empty());
        }
        TickReport report = core.tick();
        attempts.ticked(report);
        return report;
    }

    @Override
    public List<DesiredTrigger> desiredTriggers() {
        return core.desiredTriggers();
    }

    @Override
    public Settings config() {
        return configuration.at("cron." + provider);
    }

    @Override
    public Environment environment() {
        return environment;
    }

    @Override
    public Duration interval() {
        return configuration.getLenient(ConfigKey.INTERVAL).orElseThrow();
    }

    @Override
    public void armed() {
        onArmed.run();
    }

    @Override
    public <T> Optional<T> capability(Class<T> type) {
        return Optional.ofNullable(capabilities.get(type)).map(type::cast);
    }
}
