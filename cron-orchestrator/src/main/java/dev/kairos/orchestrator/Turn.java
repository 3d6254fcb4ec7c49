package dev.kairos.orchestrator;

import dev.kairos.api.env.Environment;
import dev.kairos.api.env.Signal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** One at a time, in order of arrival; waits through the environment, so that virtual time can drive it. */
final class Turn {
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

    private final Environment environment;
    private final Object lock = new Object();
    private final Deque<Signal> waiting = new ArrayDeque<>();
    private boolean isTaken;

    Turn(Environment environment) {
        this.environment = environment;
    }

    void take() throws InterruptedException {
        Signal mine;
        synchronized (lock) {
            if (!isTaken) {
                isTaken = true;
                return;
            }
            mine = environment.newSignal();
            waiting.addLast(mine);
        }
        try {
            while (!mine.await(LOOK_AGAIN)) {
                // the one before us is still at work
            }
        } catch (InterruptedException e) {
            boolean isOurs;
            synchronized (lock) {
                isOurs = !waiting.remove(mine);
            }
            if (isOurs) {
                give();
            }
            throw e;
        }
    }

    void give() {
        Signal next;
        synchronized (lock) {
            next = waiting.pollFirst();
            if (next == null) {
                isTaken = false;
            }
        }
        if (next != null) {
            next.raise();
        }
    }
}
