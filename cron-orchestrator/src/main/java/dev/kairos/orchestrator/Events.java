package dev.kairos.orchestrator;

import dev.kairos.api.env.Environment;
import dev.kairos.api.event.CronEvent;
import dev.kairos.api.event.CronListener;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners and the log of every state change, one after another. Listeners are foreign code: they are told on a
 * thread of their own, and one that falls far behind loses events, never outcomes.
 */
final class Events {
    private static final Logger LOG = LoggerFactory.getLogger("cron.event");

    private static final int MOST = 10_000;

    private final Environment environment;
    private final Supplier<List<CronListener>> listeners;
    private final Object lock = new Object();
    private final Deque<CronEvent> waiting = new ArrayDeque<>();
    private final RepeatedTrouble drops = new RepeatedTrouble();
    private boolean isTelling;

    Events(Environment environment, Supplier<List<CronListener>> listeners) {
        this.environment = environment;
        this.listeners = listeners;
    }

    /** Publishes an event; details come as name, value, name, value. Those without a value are left out. */
    void publish(String name, String... details) {
        CronEvent event = event(name, details);
        LOG.info("{}", new Line(event));
        tell(event);
    }

    /** The same for something that is not as it should be. */
    void publishWarning(String name, String... details) {
        CronEvent event = event(name, details);
        LOG.warn("{}", new Line(event));
        tell(event);
    }

    /** The same for something about which a person must do something. */
    void alarm(String name, String... details) {
        CronEvent event = event(name, details);
        LOG.error("{}", new Line(event));
        tell(event);
    }

    private CronEvent event(String name, String... details) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i + 1 < details.length; i += 2) {
            if (!details[i + 1].isEmpty()) {
                map.put(details[i], details[i + 1]);
            }
        }
        return new CronEvent(environment.now(), name, map);
    }

    /** An event as one line of the log, written only where somebody reads it. */
    private record Line(CronEvent event) {
        @Override
        public String toString() {
            StringBuilder line = new StringBuilder(event.name());
            event.details()
                    .forEach((key, value) -> line.append(' ')
                            .append(key)
                            .append('=')
                            .append(value.lines().findFirst().orElse("")));
            return line.toString();
        }
    }

    private void tell(CronEvent event) {
        if (listeners.get().isEmpty()) {
            return;
        }
        synchronized (lock) {
            if (waiting.size() >= MOST) {
                drops.happened("listeners are " + MOST + " events behind", environment.uptime())
                        .ifPresent(why -> LOG.warn("cron.event-dropped event={} {}", event.name(), why));
                return;
            }
            waiting.addLast(event);
            if (isTelling) {
                return;
            }
            isTelling = true;
        }
        try {
            environment.start("cron-events", this::tellAll);
        } catch (RuntimeException | Error e) { // what was told must not be undone for want of a thread
            LOG.error("cron.event-no-thread listeners hear of it with the next event", e);
            synchronized (lock) {
                isTelling = false;
            }
        }
    }

    private void tellAll() {
        for (CronEvent next = nextOrDone(); next != null; next = nextOrDone()) {
            for (CronListener listener : listeners.get()) {
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
