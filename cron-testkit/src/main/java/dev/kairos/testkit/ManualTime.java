package dev.kairos.testkit;

import dev.kairos.api.env.Signal;
import dev.kairos.api.env.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The clocks, the waits on them, and the tasks whose rest an advance waits for. */
final class ManualTime {
    private static final Logger LOG = LoggerFactory.getLogger("testkit.time");
    private static final long UNMANAGED_BOUND = TimeUnit.SECONDS.toNanos(60);
    /** Tasks all parked this long outside virtual time wait for the test itself and count as at rest. */
    private static final long FOREIGN_REST = TimeUnit.MILLISECONDS.toNanos(100);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final List<Wait> waits = new ArrayList<>();
    private final List<ManualTask> tasks = new ArrayList<>();
    private Instant wall;
    private volatile Duration settleBound = Duration.ofMinutes(1);
    private Duration uptime = Duration.ZERO;

    ManualTime(Instant start) {
        wall = start;
    }

    void settleWithin(Duration bound) {
        settleBound = bound;
    }

    Instant now() {
        return locked(() -> wall);
    }

    Duration uptime() {
        return locked(() -> uptime);
    }

    void step(Duration by) {
        locked(() -> wall = wall.plus(by));
    }

    /** Both clocks at once: whatever waits past its deadline finds itself late, all of it together. */
    void suspend(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("nothing sleeps backward");
        }
        settle();
        locked(() -> {
            wall = wall.plus(by);
            uptime = uptime.plus(by);
            moved.signalAll();
            return true;
        });
        settle();
    }

    void advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("time moves forward; stepWallClock moves the wall clock back");
        }
        settle();
        Duration target = uptime().plus(by);
        while (true) {
            boolean arrived = locked(() -> {
                Duration next = nextDeadline(target);
                wall = wall.plus(next.minus(uptime));
                uptime = next;
                moved.signalAll();
                return next.equals(target);
            });
            settle();
            if (arrived) {
                return;
            }
        }
    }

    private Duration nextDeadline(Duration target) {
        Duration next = target;
        for (Wait wait : waits) {
            if (!wait.isOver() && wait.deadline.compareTo(next) < 0) {
                next = wait.deadline;
            }
        }
        return next;
    }

    void settle() {
        long now = System.nanoTime();
        long until = now + settleBound.toNanos();
        long quietSince = now;
        while (true) {
            List<ManualTask> busy = locked(this::busy);
            if (busy.isEmpty()) {
                return;
            }
            now = System.nanoTime();
            if (!locked(() -> busy.stream().allMatch(this::restsElsewhere))) {
                quietSince = now;
            } else if (now - quietSince > FOREIGN_REST) {
                return;
            }
            if (now - until > 0) {
                throw new AssertionError("not at rest after " + settleBound + ": " + describe(busy));
            }
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(50));
        }
    }

    private List<ManualTask> busy() {
        List<ManualTask> busy = new ArrayList<>(tasks);
        for (Wait wait : waits) {
            if (!wait.isOver() && !wait.isInterrupted && !wait.thread.isInterrupted()) {
                busy.removeIf(task -> task.thread() == wait.thread);
            }
        }
        return busy;
    }

    /** Parked, and neither about to leave a wait of ours nor about to get our lock. */
    private boolean restsElsewhere(ManualTask task) {
        Thread thread = task.thread();
        return thread.getState() == Thread.State.WAITING
                && waits.stream().noneMatch(wait -> wait.thread == thread)
                && !lock.hasQueuedThread(thread);
    }

    private static String describe(List<ManualTask> busy) {
        StringBuilder text = new StringBuilder();
        for (ManualTask task : busy) {
            text.append(System.lineSeparator()).append(task.thread().getName());
            for (StackTraceElement frame : task.thread().getStackTrace()) {
                text.append(System.lineSeparator()).append("    at ").append(frame);
            }
        }
        return text.toString();
    }

    Signal newSignal() {
        return new ManualSignal();
    }

    Task start(String name, Runnable body) {
        ManualTask task = new ManualTask(name, body);
        locked(() -> tasks.add(task));
        task.thread().start();
        return task;
    }

    /** Waits until the condition holds or the virtual time has passed; true if it holds. */
    private boolean await(BooleanSupplier condition, Duration atMost) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            Duration deadline = atMost.isNegative() ? uptime : uptime.plus(atMost);
            Wait wait = new Wait(Thread.currentThread(), condition, deadline);
            boolean managed = tasks.stream().anyMatch(task -> task.thread() == wait.thread);
            waits.add(wait);
            try {
                long left = UNMANAGED_BOUND;
                while (!wait.isOver()) {
                    if (managed) {
                        moved.await();
                    } else {
                        left = moved.awaitNanos(left);
                        if (left <= 0 && !wait.isOver()) {
                            throw new AssertionError("nobody advanced the time for a minute while a test waits");
                        }
                    }
                }
                return condition.getAsBoolean();
            } finally {
                waits.remove(wait);
            }
        } finally {
            lock.unlock();
        }
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    private final class Wait {
        private final Thread thread;
        private final BooleanSupplier condition;
        private final Duration deadline;
        /** A thread on its way out of an interrupted wait has already lost its own flag. */
        private boolean isInterrupted;

        Wait(Thread thread, BooleanSupplier condition, Duration deadline) {
            this.thread = thread;
            this.condition = condition;
            this.deadline = deadline;
        }

        boolean isOver() {
            return condition.getAsBoolean() || uptime.compareTo(deadline) >= 0;
        }
    }

    private final class ManualSignal implements Signal {
        private boolean raised;

        @Override
        public void raise() {
            locked(() -> {
                raised = true;
                moved.signalAll();
                return true;
            });
        }

        @Override
        public boolean await(Duration atMost) throws InterruptedException {
            lock.lockInterruptibly(); // reentrant: between the end of the wait and the consumption nobody else comes
            try {
                return ManualTime.this.await(() -> raised, atMost) && consume();
            } finally {
                lock.unlock();
            }
        }

        private boolean consume() {
            raised = false;
            return true;
        }
    }

    private final class ManualTask implements Task {
        private final Thread thread;
        private boolean done;

        ManualTask(String name, Runnable body) {
            thread = new Thread(() -> run(name, body), name);
            thread.setDaemon(true);
        }

        private void run(String name, Runnable body) {
            try {
                body.run();
            } catch (Throwable trouble) { // logged, never lost
                LOG.error("testkit.time body-failed thread={}", name, trouble);
            } finally {
                locked(() -> {
                    done = true;
                    tasks.remove(this);
                    moved.signalAll();
                    return true;
                });
            }
        }

        Thread thread() {
            return thread;
        }

        @Override
        public void interrupt() {
            locked(() -> {
                if (!done) {
                    waits.stream().filter(wait -> wait.thread == thread).forEach(wait -> wait.isInterrupted = true);
                    thread.interrupt();
                }
                return true;
            });
        }

        @Override
        public boolean isDone() {
            return locked(() -> done);
        }

        @Override
        public boolean join(Duration atMost) throws InterruptedException {
            return await(() -> done, atMost);
        }
    }
}
