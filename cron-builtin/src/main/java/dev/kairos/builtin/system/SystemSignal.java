package dev.kairos.builtin.system;

import dev.kairos.api.env.Signal;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** One remembered raise: a semaphore that never holds more than one permit. */
final class SystemSignal implements Signal {
    private final Semaphore permit = new Semaphore(0);
    private final Object lock = new Object();

    @Override
    public void raise() {
        synchronized (lock) {
            if (permit.availablePermits() == 0) {
                permit.release();
            }
        }
    }

    @Override
    public boolean await(Duration atMost) throws InterruptedException {
        return permit.tryAcquire(nanos(atMost), TimeUnit.NANOSECONDS);
    }

    /** The bound in nanoseconds; the longest representable one where it does not fit. */
    static long nanos(Duration bound) {
        if (bound.isNegative()) {
            return 0;
        }
        return bound.getSeconds() >= Long.MAX_VALUE / 1_000_000_000L - 1 ? Long.MAX_VALUE : bound.toNanos();
    }
}
