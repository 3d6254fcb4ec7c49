package dev.kairos.builtin.system;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Daemon threads without an upper bound, for bodies that may last. A thread that ends one body takes the next that waits, so
 * that many short ones cost few switches between threads; and nobody waits behind a long one, because whoever takes a body
 * while others wait summons one more thread before it begins. At most one thread is on its way at a time: the wave of
 * summons ends by itself as soon as the threads that are there keep up.
 */
final class Workers {
    private static final Logger LOG = LoggerFactory.getLogger("cron.threads");
    private static final long IDLE_SECONDS = 10;

    private final String idleName;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    /** The one that became idle last is summoned first: its memory is still warm, and the others may end. */
    private final Deque<Worker> idle = new ArrayDeque<>();

    private boolean isOneComing;

    /**
     * No threads yet.
     *
     * @param idleName the name of a thread that has nothing to do
     */
    Workers(String idleName) {
        this.idleName = idleName;
    }

    /**
     * Runs the body soon, on a thread that has nothing else to do.
     *
     * @throws Error or a runtime exception if a thread is needed and cannot be had; the body then never runs
     */
    void execute(Runnable body) {
        lock.lock();
        try {
            waiting.addLast(body);
            if (!isOneComing) {
                summon();
            }
        } catch (RuntimeException | Error e) {
            waiting.removeLast();
            throw e;
        } finally {
            lock.unlock();
        }
    }

    private void summon() {
        Worker rested = idle.pollLast();
        if (rested != null) {
            rested.isSummoned = true;
            rested.called.signal();
        } else {
            Worker worker = new Worker();
            Thread thread = new Thread(worker, idleName);
            thread.setDaemon(true);
            thread.start();
        }
        isOneComing = true;
    }

    private final class Worker implements Runnable {
        private final Condition called = lock.newCondition();
        private boolean isSummoned = true;

        @Override
        public void run() {
            for (Runnable body = next(); body != null; body = next()) {
                body.run();
            }
        }

        private @Nullable Runnable next() {
            lock.lock();
            try {
                while (true) {
                    if (isSummoned) {
                        isSummoned = false;
                        isOneComing = false;
                    }
                    Runnable body = waiting.pollFirst();
                    if (body != null) {
                        summonForTheRest();
                        return body;
                    }
                    idle.addLast(this);
                    if (!awaitSummons()) {
                        return null;
                    }
                }
            } finally {
                lock.unlock();
            }
        }

        private void summonForTheRest() {
            if (waiting.isEmpty() || isOneComing) {
                return;
            }
            try {
                summon();
            } catch (RuntimeException | Error e) {
                LOG.error(
                        "cron.threads waiting={} no further thread can be had: they wait for one that ends; give the"
                                + " process more threads or memory",
                        waiting.size(),
                        e);
            }
        }

        private boolean awaitSummons() {
            long left = TimeUnit.SECONDS.toNanos(IDLE_SECONDS);
            while (!isSummoned && left > 0) {
                try {
                    left = called.awaitNanos(left);
                } catch (InterruptedException e) {
                    // Meant for a body that has ended; nothing here is to be interrupted.
                }
            }
            if (!isSummoned) {
                idle.remove(this);
            }
            return isSummoned;
        }
    }
}
