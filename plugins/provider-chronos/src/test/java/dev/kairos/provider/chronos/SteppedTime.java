package dev.kairos.provider.chronos;

import dev.kairos.api.env.Task;
import dev.kairos.testkit.DelegatingEnvironment;
import dev.kairos.testkit.RealTimeEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Real threads, waits and clocks; a test may let time pass at once, which ends no wait. */
final class SteppedTime extends DelegatingEnvironment {
    private final AtomicReference<Duration> stepped = new AtomicReference<>(Duration.ZERO);
    private final ThreadPoolExecutor pool =
            new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), loop -> {
                Thread thread = new Thread(loop, "kairos-idle");
                thread.setDaemon(true);
                return thread;
            });

    SteppedTime() {
        super(new RealTimeEnvironment());
    }

    void pass(Duration time) {
        stepped.accumulateAndGet(time, Duration::plus);
    }

    @Override
    public Instant now() {
        return super.now().plus(stepped.get());
    }

    @Override
    public Duration uptime() {
        return super.uptime().plus(stepped.get());
    }

    @Override
    public Task start(String name, Runnable body) {
        RunningTask task = new RunningTask(name, body);
        pool.execute(task);
        return task;
    }

    private static final class RunningTask implements Task, Runnable {
        private final String name;
        private final Runnable body;
        private final CountDownLatch end = new CountDownLatch(1);
        private Thread runner;
        private boolean isInterrupted;

        RunningTask(String name, Runnable body) {
            this.name = name;
            this.body = body;
        }

        @Override
        public void run() {
            Thread thread = Thread.currentThread();
            thread.setName(name);
            synchronized (this) {
                runner = thread;
                if (isInterrupted) {
                    thread.interrupt();
                }
            }
            try {
                body.run();
            } finally {
                synchronized (this) {
                    runner = null;
                    Thread.interrupted();
                }
                thread.setName("kairos-idle");
                end.countDown();
            }
        }

        @Override
        public synchronized void interrupt() {
            if (runner != null) {
                runner.interrupt();
            } else {
                isInterrupted = true;
            }
        }

        @Override
        public boolean isDone() {
            return end.getCount() == 0;
        }

        @Override
        public boolean join(Duration atMost) throws InterruptedException {
            return end.await(Math.max(0, atMost.toMillis()), TimeUnit.MILLISECONDS);
        }
    }
}
