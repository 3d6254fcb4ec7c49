package dev.kairos.builtin.plugin;

import dev.kairos.api.event.CronEvent;
import dev.kairos.api.event.CronListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A plug-in's listener. All listeners are told one after another; one that keeps the others waiting is told nothing more
 * until the next reload.
 */
final class GuardedListener implements CronListener {
    private static final Logger LOG = LoggerFactory.getLogger("cron.plugin");

    private final CronListener listener;
    private final Gate gate;
    private volatile boolean isGivenUp;

    GuardedListener(CronListener listener, Gate gate) {
        this.listener = listener;
        this.gate = gate;
    }

    @Override
    public void onEvent(CronEvent event) {
        if (isGivenUp) {
            return;
        }
        Guard.Answer<Boolean> told = gate.quickly("onEvent", () -> {
            listener.onEvent(event);
            return true;
        });
        if (told.trouble().isEmpty()) {
            return;
        }
        if (told.cause().isPresent()) {
            throw new IllegalStateException(
                    "plug-in " + gate.id() + ": its onEvent " + told.trouble().get(),
                    told.cause().get());
        }
        isGivenUp = true;
        LOG.warn(
                "cron.plugin id={} listener={} its onEvent {} and is called no more; mend it, then: kairos plugins reload",
                gate.id(),
                listener.getClass().getName(),
                told.trouble().get());
    }
}
