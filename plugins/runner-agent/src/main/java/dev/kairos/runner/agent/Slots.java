package dev.kairos.runner.agent;

import dev.kairos.api.run.RunRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** How many agents of this node run at the same time ({@code agent.max_parallel}). Thread-safe. */
final class Slots {
    private static final Duration LOOK = Duration.ofMillis(100);

    private final Object lock = new Object();
    private final Deque<Object> waiting = new ArrayDeque<>();
    private int taken;

    /** Waits for its turn, in the order of asking, and takes a place; the run's own time limit bounds the wait. */
    void take(RunRequest request, Optional<Integer> most) throws InterruptedException {
        Object self = new Object();
        synchronized (lock) {
            waiting.addLast(self);
        }
        try {
            while (!isTurn(self, most)) {
                request.progressed();
                request.environment().sleep(LOOK);
            }
        } finally {
            synchronized (lock) {
                waiting.remove(self);
            }
        }
    }

    private boolean isTurn(Object self, Optional<Integer> most) {
        synchronized (lock) {
            if (waiting.peekFirst() != self || most.isPresent() && taken >= most.get()) {
                return false;
            }
            taken++;
            return true;
        }
    }

    /** Gives the place back. */
    void giveBack() {
        synchronized (lock) {
            taken--;
        }
    }
}
