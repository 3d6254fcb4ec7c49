package dev.kairos.provider.matrix;

import dev.kairos.api.env.Signal;
import dev.kairos.builtin.system.SystemEnvironment;
import dev.kairos.testkit.DelegatingEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** The machine as it is, but for a wall clock that can be set, and time that can be let pass without a wait. */
final class MovedMachine extends DelegatingEnvironment {
    private static final Duration FOREVER = Duration.ofDays(1_000);

    private volatile Duration ahead = Duration.ZERO;
    private final Set<PassedSignal> waiting = ConcurrentHashMap.newKeySet();
    private final AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);

    MovedMachine() {
        super(new SystemEnvironment());
    }

    /** Sets the wall clock alone: somebody stepped it. */
    void set(Instant now) {
        ahead = Duration.between(super.now(), now);
    }

    /** How far the wall clock is from the machine's. */
    Duration ahead() {
        return ahead;
    }

    void ahead(Duration value) {
        ahead = value;
    }

    /** Both clocks go on, and every wait that would have ended meanwhile ends. */
    void pass(Duration time) {
        passed.accumulateAndGet(time, Duration::plus);
        ahead = ahead.plus(time);
        waiting.forEach(PassedSignal::look);
    }

    @Override
    public Instant now() {
        return super.now().plus(ahead);
    }

    /** Real time. */
    Duration machineUptime() {
        return super.uptime();
    }

    @Override
    public Duration uptime() {
        return super.uptime().plus(passed.get());
    }

    @Override
    public ZoneId zone() {
        return ZoneId.of("UTC");
    }

    @Override
    public Signal newSignal() {
        return new PassedSignal();
    }

    private final class PassedSignal implements Signal {
        private boolean isRaised;

        @Override
        public synchronized void raise() {
            isRaised = true;
            notifyAll();
        }

        synchronized void look() {
            notifyAll();
        }

        @Override
        public boolean await(Duration atMost) throws InterruptedException {
            Duration end = uptime().plus(atMost.compareTo(FOREVER) < 0 ? atMost : FOREVER);
            waiting.add(this);
            try {
                return awaitUntil(end);
            } finally {
                waiting.remove(this);
            }
        }

        private synchronized boolean awaitUntil(Duration end) throws InterruptedException {
            for (Duration left = end.minus(uptime()); !isRaised && isLonger(left); left = end.minus(uptime())) {
                wait(left.toMillis() + 1);
            }
            boolean wasRaised = isRaised;
            isRaised = false;
            return wasRaised;
        }

        private static boolean isLonger(Duration left) {
            return left.compareTo(Duration.ZERO) > 0;
        }
    }
}
