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

    @Override
    public FireResult fire(FireRequest request) {
        return core.fire(request, provider);
    }

    @Override
    public TickReport tick() {
        return core.tick();
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
