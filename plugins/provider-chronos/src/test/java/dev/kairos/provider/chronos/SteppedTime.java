package dev.kairos.provider.chronos;

import dev.kairos.api.env.Environment;
import dev.kairos.api.env.HostFiles;
import dev.kairos.api.env.NodeProbe;
import dev.kairos.api.env.Processes;
import dev.kairos.api.env.Signal;
import dev.kairos.api.env.Task;
import dev.kairos.testkit.ManualEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;

/** Real threads, waits and clocks; a test may let time pass at once, which ends no wait. */
final class SteppedTime implements Environment {
    private final AtomicReference<Duration> stepped = new AtomicReference<>(Duration.ZERO);
    private final ManualEnvironment rest = new ManualEnvironment(Instant.EPOCH);
    private final ThreadPoolExecutor pool =
            new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), loop -> {
                Thread thread = new Thread(loop, "kairos-idle");
                thread.setDaemon(true);
                return thread;
            });

    void pass(Duration time) {
        stepped.accumulateAndGet(time, Duration::plus);
    }

    @Override
    public Instant now() {
        return Instant.now().plus(stepped.get());
    }

    @Override
    public Duration uptime() {
        return Duration.ofNanos(System.nanoTime()).plus(stepped.get());
    }

    @Override
    public RandomGenerator random() {
        return new Random(4711);
    }

    @Override
    public ZoneId zone() {
        return rest.zone();
    }

    @Override
    public Signal newSignal() {
        Semaphore raised = new Semaphore(0);
        return new Signal() {
            @Override
            public void raise() {
                raised.release();
            }

            @Override
            public boolean await(Duration atMost) throws InterruptedException {
                return raised.tryAcquire(Math.max(0, atMost.toMillis()), TimeUnit.MILLISECONDS);
            }
        };
    }

    @Override
    public Task start(String name, Runnable body) {
        RunningTask task = new RunningTask(name, body);
        pool.execute(task);
        return task;
    }

    @Override
    public Processes processes() {
        return rest.processes();
    }

    @Override
    public NodeProbe nodeProbe() {
        return rest.nodeProbe();
    }

    @Override
    public HostFiles files() {
        return rest.files();
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
