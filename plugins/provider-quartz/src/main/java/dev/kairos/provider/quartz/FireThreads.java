package dev.kairos.provider.quartz;

import dev.kairos.api.env.Environment;
import dev.kairos.api.env.Task;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.quartz.spi.ThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads on which triggers fire: the host's own, and no more of them at a time than are allowed. */
final class FireThreads implements ThreadPool {
    private static final Logger LOG = LoggerFactory.getLogger("cron.quartz");
    private static final Duration FOR_FIRES = Duration.ofSeconds(3);
    private static final Duration AFTER_INTERRUPT = Duration.ofMillis(200);

    private final Environment environment;
    private final int most;
    private final Object lock = new Object();
    private final Set<Task> tasks = ConcurrentHashMap.newKeySet();
    private int running;
    private boolean isEnding;

    FireThreads(Environment environment, int most) {
        this.environment = environment;
        this.most = most;
    }

    /** Never refuses, even where no thread can be had: Quartz would mark the trigger as broken, or forget it. */
    @Override
    public boolean runInThread(Runnable trigger) {
        synchronized (lock) {
            awaitPlace();
            running++;
        }
        tasks.removeIf(Task::isDone);
        try {
            tasks.add(environment.start("cron-quartz-fire", () -> fire(trigger)));
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.warn("cron.quartz has no thread for a trigger, which fires on Quartz's own: others may come later", e);
            fire(trigger);
        }
        return true;
    }

    private void fire(Runnable trigger) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(FireThreads.class.getClassLoader());
        try {
            trigger.run();
        } finally {
            thread.setContextClassLoader(before);
            done();
        }
    }

    private void done() {
        synchronized (lock) {
            running--;
            lock.notifyAll();
        }
    }

    @Override
    public int blockForAvailableThreads() {
        synchronized (lock) {
            awaitPlace();
            return isEnding ? 0 : Math.max(0, most - running);
        }
    }

    /** Waits for room until the end, or an interrupt. Holds the lock. */
    private void awaitPlace() {
        try {
            while (running >= most && !isEnding) {
                lock.wait(1_000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** From now on nobody waits for room: Quartz is about to end, and what fires may hang. */
    void letGo() {
        synchronized (lock) {
            isEnding = true;
            lock.notifyAll();
        }
    }

    /** Gives what fires its time, and interrupts it after that. */
    @Override
    public void shutdown(boolean waitForThem) {
        letGo();
        Duration end = environment.uptime().plus(waitForThem ? FOR_FIRES : Duration.ZERO);
        try {
            for (Task task : tasks) {
                if (!task.join(end.minus(environment.uptime()))) {
                    task.interrupt();
                    task.join(AFTER_INTERRUPT);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public int getPoolSize() {
        return most;
    }

    @Override
    public void initialize() {}

    @Override
    public void setInstanceId(String id) {}

    @Override
    public void setInstanceName(String name) {}
}
