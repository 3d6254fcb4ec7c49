package dev.kairos.builtin.plugin;

import dev.kairos.api.delivery.ChannelContext;
import dev.kairos.api.run.RunnerHost;

/**
 * What the factories in dropped JARs are given by a host that runs jobs. Asked on the thread that first needs what a factory
 * makes.
 *
 * <p>Status: internal.
 */
public interface FactoryHost {
    /** For the channel of one platform. */
    ChannelContext channel(String platform);

    /** For the runner of one kind of work. */
    RunnerHost runner(String kind);
}
