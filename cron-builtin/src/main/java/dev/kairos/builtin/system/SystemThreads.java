package dev.kairos.builtin.system;

import dev.kairos.api.env.Task;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Daemon threads that are made when needed, named after what they run, and end after some idle seconds. */
final class SystemThreads {
    private static final Logger LOG = LoggerFactory.getLogger("cron.threads");
    private static final String IDLE_NAME = "kairos-idle";

    private final Workers workers = new Workers(IDLE_NAME);

    Task start(String name, Runnable body) {
        Body task = new Body(name, body);
        workers.execute(task);
        return task;
    }

    private static final class Body implements Runnable, Task {
        private final String name;
        private final Runnable body;
        private final CountDownLatch end = new CountDownLatch(1);
        private final Object lock = new Object();
        private @Nullable Thread runner;
        private boolean interruptBeforeStart;

        Body(String name, Runnable body) {
            this.name = name;
            this.body = body;
        }

        @Override
        public void run() {
            Thread thread = Thread.currentThread();
            begin(thread);
            try {
                body.run();
            } catch (Throwable trouble) { // whatever leaves a body ends here: the thread belongs to the pool
                LOG.error("cron.threads body-failed thread={}", name, trouble);
            } finally {
                end(thread);
            }
        }

        private void begin(Thread thread) {
            thread.setName(name);
            // Never the loader of whoever happened to cause the thread's creation.
            thread.setContextClassLoader(SystemThreads.class.getClassLoader());
            synchronized (lock) {
                runner = thread;
                if (interruptBeforeStart) {
                    thread.interrupt();
                }
            }
        }

        private void end(Thread thread) {
            synchronized (lock) {
                runner = null;
                // The flag was meant for the body, not for the next one on this thread.
                Thread.interrupted();
            }
            thread.setContextClassLoader(SystemThreads.class.getClassLoader());
            thread.setName(IDLE_NAME);
            end.countDown();
        }

        @Override
        public void interrupt() {
            synchronized (lock) {
                if (runner != null) {
                    runner.interrupt();
                } else if (end.getCount() > 0) {
                    interruptBeforeStart = true;
                }
            }
        }

        @Override
        public boolean isDone() {
            return end.getCount() == 0;
        }

        @Override
        public boolean join(Duration atMost) throws InterruptedException {
            return end.await(SystemSignal.nanos(atMost), TimeUnit.NANOSECONDS);
        }
    }
}
