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

    private final Environment environment;
    private final int most;
    private final Object lock = new Object();
    private final Set<Task> tasks = ConcurrentHashMap.newKeySet();
    private int running;
    private boolean isShut;

    FireThreads(Environment environment, int most) {
        this.environment = environment;
        this.most = most;
    }

    @Override
    public boolean runInThread(Runnable trigger) {
        synchronized (lock) {
            if (isShut || !awaitPlace()) {
                return false;
            }
            running++;
        }
        ClassLoader loader = FireThreads.class.getClassLoader();
        tasks.removeIf(Task::isDone);
        tasks.add(environment.start("cron-quartz-fire", () -> {
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            thread.setContextClassLoader(loader);
            try {
                trigger.run();
            } finally {
                thread.setContextClassLoader(before);
                done();
            }
        }));
        return true;
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
            return awaitPlace() ? most - running : 0;
        }
    }

    /** Whether there is room; waits for it until the shutdown or an interrupt. Holds the lock. */
    private boolean awaitPlace() {
        while (running >= most && !isShut) {
            if (!await()) {
                return false;
            }
        }
        return running < most;
    }

    private boolean await() {
        try {
            lock.wait(1_000);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Waits until the last has fired: whoever ends Quartz has a bound for all of it. */
    @Override
    public void shutdown(boolean waitForThem) {
        synchronized (lock) {
            isShut = true;
            lock.notifyAll();
        }
        try {
            for (Task task : tasks) {
                while (waitForThem && !task.join(Duration.ofSeconds(1))) {
                    LOG.debug("cron.quartz a trigger still fires");
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
