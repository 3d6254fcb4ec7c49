package dev.kairos.builtin;

import dev.kairos.api.StopSignal;
import dev.kairos.api.env.Environment;
import dev.kairos.api.env.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stop of one start of one provider. */
final class HostStop implements StopSignal {
    private static final Logger LOG = LoggerFactory.getLogger("cron.provider");

    private final Environment environment;
    private final Object lock = new Object();
    private final List<Runnable> actions = new ArrayList<>();
    private final List<Signal> waiters = new ArrayList<>();
    private volatile boolean raised;

    HostStop(Environment environment) {
        this.environment = environment;
    }

    /** Wakes whoever waits, then performs the provider's actions, which may take their time. */
    void raise() {
        List<Runnable> due;
        List<Signal> woken;
        synchronized (lock) {
            if (raised) {
                return;
            }
            raised = true;
            due = List.copyOf(actions);
            actions.clear();
            woken = List.copyOf(waiters);
        }
        woken.forEach(Signal::raise);
        due.forEach(HostStop::perform);
    }

    @Override
    public boolean isRaised() {
        return raised;
    }

    @Override
    public boolean await(Duration atMost) throws InterruptedException {
        Signal woken = environment.newSignal();
        synchronized (lock) {
            if (raised) {
                return true;
            }
            waiters.add(woken);
        }
        try {
            woken.await(atMost);
        } finally {
            synchronized (lock) {
                waiters.remove(woken);
            }
        }
        return raised;
    }

    @Override
    public void onRaise(Runnable action) {
        synchronized (lock) {
            if (!raised) {
                actions.add(action);
                return;
            }
        }
        perform(action);
    }

    private static void perform(Runnable action) {
        try {
            action.run();
        } catch (Throwable thrown) {
            LOG.warn("cron.provider a stop action failed", thrown);
        }
    }
}
