package dev.kairos.app.server;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/**
 * Lets so many calls to one endpoint go on at the same time, and so many more wait in the order they came: one endpoint
 * that is slow, or flooded, leaves threads to the others. No thread waits. Thread-safe.
 */
final class Turnstile {
    private final int atOnce;
    private final int waiting;
    private final Queue<Runnable> queue = new ArrayDeque<>();
    private int going;

    Turnstile(int atOnce, int waiting) {
        this.atOnce = atOnce;
        this.waiting = waiting;
    }

    /** Runs the call on the executor now or when it is its turn; answers whether it will. */
    boolean enter(Executor executor, Runnable call) {
        synchronized (queue) {
            if (going >= atOnce) {
                return queue.size() < waiting && queue.add(call);
            }
            going++;
        }
        try {
            executor.execute(() -> passThrough(executor, call));
            return true;
        } catch (RuntimeException refused) { // the server stops
            leave(executor);
            return false;
        }
    }

    private void passThrough(Executor executor, Runnable call) {
        try {
            call.run();
        } finally {
            leave(executor);
        }
    }

    private void leave(Executor executor) {
        Runnable next;
        synchronized (queue) {
            next = queue.poll();
            going -= next == null ? 1 : 0;
        }
        if (next != null) {
            try {
                executor.execute(() -> passThrough(executor, next));
            } catch (RuntimeException refused) { // the server stops, and closes the connection of the one that waited
                leave(executor);
            }
        }
    }
}
