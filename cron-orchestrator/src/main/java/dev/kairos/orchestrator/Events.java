package dev.kairos.orchestrator;

import dev.kairos.api.env.Environment;
import dev.kairos.api.event.CronEvent;
import dev.kairos.api.event.CronListener;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Tells listeners and the log of every state change, one after another. Listeners are foreign code: they are told on a
 * thread of their own, and one that falls far behind loses events, never outcomes.
 */
final class Events {
    private static final Logger LOG = LoggerFactory.getLogger("cron.event");

    private static final int MOST = 10_000;

    private final Environment environment;
    private final List<CronListener> listeners;
    private final Object lock = new Object();
    private final Deque<CronEvent> waiting = new ArrayDeque<>();
    private boolean isTelling;

    Events(Environment environment, List<CronListener> listeners) {
        this.environment = environment;
        this.listeners = List.copyOf(listeners);
    }

    /** Publishes an event; details come as name, value, name, value. */
    void publish(String name, String... details) {
        publish(Level.INFO, name, details);
    }

    /** Publishes an event about which a person must do something. */
    void alarm(String name, String... details) {
        publish(Level.ERROR, name, details);
    }

    private void publish(Level level, String name, String... details) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i + 1 < details.length; i += 2) {
            map.put(details[i], details[i + 1]);
        }
        CronEvent event = new CronEvent(environment.now(), name, map);
        if (LOG.isEnabledForLevel(level)) {
            StringBuilder line = new StringBuilder(name);
            map.forEach((key, value) -> line.append(' ').append(key).append('=').append(value));
            LOG.atLevel(level).log("{}", line);
        }
        if (listeners.isEmpty()) {
            return;
        }
        synchronized (lock) {
            if (waiting.size() >= MOST) {
                LOG.warn("cron.event-dropped event={} listeners are {} events behind", name, MOST);
                return;
            }
            waiting.addLast(event);
            if (isTelling) {
                return;
            }
            isTelling = true;
        }
        environment.start("cron-events", this::tellAll);
    }

    private void tellAll() {
        for (CronEvent next = nextOrDone(); next != null; next = nextOrDone()) {
            for (CronListener listener : listeners) {
                try {
                    listener.onEvent(next);
                } catch (Throwable e) {
                    LOG.warn(
                            "cron.listener-failed event={} listener={}",
                            next.name(),
                            listener.getClass().getName(),
                            e);
                }
            }
        }
    }

    private @Nullable CronEvent nextOrDone() {
        synchronized (lock) {
            CronEvent next = waiting.pollFirst();
            if (next == null) {
                isTelling = false;
            }
            return next;
        }
    }
}
