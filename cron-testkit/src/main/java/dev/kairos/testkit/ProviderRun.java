package dev.kairos.testkit;

import dev.kairos.api.CronScheduler;
import dev.kairos.api.StopSignal;
import dev.kairos.api.env.Environment;
import dev.kairos.api.env.Task;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Starts and stops one provider the way a host does. Used by one test thread. */
final class ProviderRun {
    private static final long LOOK_MILLIS = 5;

    private final Environment environment;
    private final CronScheduler provider;
    private final RecordingCronContext host;
    private @Nullable Task task;
    private @Nullable LatchStop stop;
    private int armedBefore;
    private volatile boolean returned;
    private volatile Optional<Throwable> thrown = Optional.empty();

    ProviderRun(Environment environment, CronScheduler provider, RecordingCronContext host) {
        this.environment = environment;
        this.provider = provider;
        this.host = host;
    }

    void start() {
        LatchStop signal = new LatchStop();
        stop = signal;
        armedBefore = host.armedCount();
        returned = false;
        thrown = Optional.empty();
        task = environment.start("provider-under-test", () -> {
            try {
                provider.start(signal);
            } catch (Throwable trouble) {
                thrown = Optional.of(trouble);
            }
            returned = true;
        });
    }

    /** Armed: start returned normally, or the provider said so. */
    boolean awaitArmed(Duration atMost) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        for (long waited = 0; waited < atMost.toMillis(); waited += LOOK_MILLIS) {
            if (host.armedCount() > armedBefore || returned && thrown.isEmpty()) {
                return true;
            }
            if (thrown.isPresent()) {
                throw new AssertionError("start threw", thrown.get());
            }
            never.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
        return false;
    }

    boolean isRunning() {
        return task != null && !task.isDone();
    }

    Optional<Throwable> thrown() {
        return thrown;
    }

    void raise() {
        if (stop != null) {
            stop.raise();
        }
    }

    boolean join(Duration atMost) throws InterruptedException {
        return task == null || task.join(atMost);
    }

    void stop(Duration bound) throws InterruptedException {
        if (task == null) {
            return;
        }
        raise();
        provider.stop();
        if (!join(bound)) {
            throw new AssertionError("start did not return within " + bound + " of the stop");
        }
        task = null;
    }

    private static final class LatchStop implements StopSignal {
        private final CountDownLatch latch = new CountDownLatch(1);
        private final List<Runnable> actions = new CopyOnWriteArrayList<>();

        void raise() {
            synchronized (actions) {
                if (latch.getCount() == 0) {
                    return;
                }
                latch.countDown();
            }
            actions.forEach(Runnable::run);
        }

        @Override
        public boolean isRaised() {
            return latch.getCount() == 0;
        }

        @Override
        public boolean await(Duration atMost) throws InterruptedException {
            return latch.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        public void onRaise(Runnable action) {
            synchronized (actions) {
                if (latch.getCount() > 0) {
                    actions.add(action);
                    return;
                }
            }
            action.run();
        }
    }
}
