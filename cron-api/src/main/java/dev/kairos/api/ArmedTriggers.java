package dev.kairos.api;

import java.time.Instant;
import java.util.Map;

/**
 * What a provider has armed just now, for {@code status}. A provider that can tell offers it as a {@link
 * CronScheduler#capability}; one that cannot is believed.
 *
 * <p>Status: experimental since 0.1.
 */
@FunctionalInterface
public interface ArmedTriggers {
    /**
     * Each job's armed instant, by the job's id, {@code _wake} among them. Asked now and then on a thread of the host,
     * after {@code bind} and perhaps without a {@code start}; calls may overlap with any other. It may look into its
     * registry, for five seconds at most.
     *
     * @throws Exception if it cannot tell now
     */
    Map<String, Instant> armed() throws Exception;
}
