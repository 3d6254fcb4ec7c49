package dev.kairos.orchestrator;

import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.event.CronListener;
import dev.kairos.api.run.FailureClassifier;
import dev.kairos.api.run.JobRunner;
import java.util.List;

/**
 * Parts that come and go while the node lives, beside those it was assembled from, which win where both have a name.
 *
 * <p>Status: internal.
 *
 * @param runners at most one for each kind
 * @param channels at most one for each platform
 * @param listeners told after the others
 * @param classifiers asked after the others and ahead of the host's own
 */
public record PluggedParts(
        List<JobRunner> runners,
        List<DeliveryChannel> channels,
        List<CronListener> listeners,
        List<FailureClassifier> classifiers) {
    /** Nothing is plugged in. */
    public static final PluggedParts NONE = new PluggedParts(List.of(), List.of(), List.of(), List.of());

    public PluggedParts {
        runners = List.copyOf(runners);
        channels = List.copyOf(channels);
        listeners = List.copyOf(listeners);
        classifiers = List.copyOf(classifiers);
    }
}
