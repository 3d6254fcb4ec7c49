package dev.kairos.builtin;

import dev.kairos.api.Settings;
import dev.kairos.api.delivery.ChannelContext;
import dev.kairos.api.env.Environment;
import dev.kairos.api.run.RunnerHost;
import dev.kairos.api.store.JobStore;
import dev.kairos.builtin.plugin.FactoryHost;
import java.nio.file.Path;
import java.util.Map;

/** A runtime, as the factories in dropped JARs see it. */
record FactoriesHost(
        Configuration configuration,
        Map<String, String> variables,
        Environment environment,
        JobStore store,
        Path home,
        Deliveries deliveries)
        implements FactoryHost {
    private record Context(Settings settings, Environment environment) implements ChannelContext {}

    @Override
    public ChannelContext channel(String platform) {
        return new Context(configuration.at("delivery." + platform), environment);
    }

    @Override
    public RunnerHost runner(String kind) {
        return new HostOfRunners(
                kind,
                configuration,
                variables,
                environment,
                store,
                home,
                target -> deliveries.check().refusal(target));
    }
}
