package dev.kairos.testkit.sim;

import dev.kairos.api.env.Signal;
import dev.kairos.api.env.Task;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Virtual time and the strands that live in it. Each strand has a real thread, and exactly one runs: it hands the baton on
 * when it waits, yields or ends. The next is drawn by chance from those that can run; when none can, time moves to the
 * earliest deadline. So one seed gives one order of everything.
 */
final class SimTime {
    private static final long HANG = TimeUnit.SECONDS.toNanos(60);
    /** A dying strand that comes back this often swallows what kills it: it is left behind, and its thread with it. */
    private static final int MOST_DEATHS = 1_000;

    private final Random choice;
    private final List<Strand> runnable = new ArrayList<>();
    private final TreeSet<Strand> timed = new TreeSet<>(
            Comparator.<Strand>comparingLong(strand -> strand.wakeAt).thenComparingLong(strand -> strand.number));
    private final Deque<Carrier> idle = new ArrayDeque<>();
    private final List<Carrier> carriers = new ArrayList<>();
    private final Set<String> leftBehind = new TreeSet<>();
    private final Strand main;
    private long strandCount;
    private long now;
    private boolean isClosed;
    private final AtomicLong switches = new AtomicLong();
    private volatile Strand current;

    /** Time that begins now; the calling thread is the main strand and has the baton. */
    SimTime(long seed) {
        choice = new Random(seed);
        main = new Strand("main", null, () -> {});
        main.carrier = new Carrier(Thread.currentThread());
        current = main;
    }

    /** True milliseconds since the beginning. */
    long now() {
        return now;
    }

    /** Draws from the same chance as the order of strands. */
    Random choice() {
        return choice;
    }

    SimSignal newSignal() {
        return new SimSignal();
    }

    Strand start(String name, @Nullable SimProcess process, Runnable body) {
        Strand strand = new Strand(name, process, body);
        if (process != null) {
            process.strands.add(strand);
        }
        runnable.add(strand);
        return strand;
    }

    /** Who has the baton. */
    Strand current() {
        Strand running = current;
        if (running.carrier == null || running.carrier.thread != Thread.currentThread()) {
            throw new IllegalStateException(
                    "a thread from outside came into the simulation: " + Thread.currentThread());
        }
        return running;
    }

    /** Lets others run first if chance says so. */
    void yieldNow() {
        Strand me = current();
        me.checkAlive();
        runnable.add(me);
        switchAway(me);
        me.checkAlive();
    }

    /** Waits without being interruptible; an interrupt meanwhile is kept. */
    void pause(long millis) {
        Strand me = current();
        me.checkAlive();
        me.deadline = now + millis;
        while (now < me.deadline) {
            park(me);
            me.checkAlive();
        }
    }

    /** Ends the process: its strands unwind where they are and nothing of it begins any more. */
    void kill(SimProcess process) {
        process.isDead = true;
        process.frozenUntil = 0;
        for (Strand strand : process.strands) {
            wake(strand);
        }
    }

    /** Stops the process for a while, unless it is; with its monotonic clock too where the whole machine sleeps. */
    void freeze(SimProcess process, long millis, boolean sleepsWhole) {
        if (process.frozenUntil > now) {
            return;
        }
        process.frozenUntil = now + millis;
        process.isAsleep = sleepsWhole;
        process.troubled(process.frozenUntil);
        if (sleepsWhole) {
            delay(process, millis);
        }
    }

    private void delay(SimProcess process, long millis) {
        process.uptimeLag += millis;
        for (Strand strand : process.strands) {
            if (timed.remove(strand)) {
                strand.deadline += millis;
                strand.wakeAt = strand.deadline;
                timed.add(strand);
            }
        }
    }

    /** Lets a stopped process go on at once. */
    void thaw(SimProcess process) {
        if (process.isAsleep && process.frozenUntil > now) {
            delay(process, now - process.frozenUntil); // the rest of the sleep did not take place
        }
        process.frozenUntil = 0;
        for (Strand strand : process.strands) {
            wake(strand);
        }
    }

    /** Ends the threads. Only from the main strand, once every process was killed. */
    void close() {
        for (int i = 0; i < 100_000 && !(runnable.isEmpty()); i++) {
            yieldNow();
        }
        isClosed = true;
        for (Carrier carrier : carriers) {
            LockSupport.unpark(carrier.thread);
        }
        if (!leftBehind.isEmpty()) {
            throw new AssertionError("what was killed does not end, and costs a thread for each death: " + leftBehind);
        }
    }

    private void wake(Strand strand) {
        if (timed.remove(strand)) {
            runnable.add(strand);
        }
    }

    private void park(Strand me) {
        me.wakeAt = me.deadline;
        timed.add(me);
        switchAway(me);
    }

    private void switchAway(Strand me) {
        Strand next = next();
        if (next == me) {
            return;
        }
        me.interrupt |= Thread.interrupted();
        give(next);
        long since = System.nanoTime();
        long seen = switches.get();
        while (current != me) {
            if (me == main) {
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
                if (seen != switches.get()) {
                    seen = switches.get();
                    since = System.nanoTime();
                } else if (System.nanoTime() - since > HANG) {
                    throw new AssertionError("the simulation hangs in " + describe(current));
                }
            } else {
                LockSupport.park(this);
            }
        }
        me.applyInterrupt();
    }

    private static String describe(Strand strand) {
        StringBuilder text = new StringBuilder(strand.name);
        Carrier carrier = strand.carrier;
        if (carrier != null) {
            for (StackTraceElement frame : carrier.thread.getStackTrace()) {
                text.append(System.lineSeparator()).append("    at ").append(frame);
            }
        }
        return text.toString();
    }

    private void give(Strand next) {
        Carrier carrier = next.carrier;
        if (carrier == null) {
            carrier = idle.poll();
            if (carrier == null) {
                carrier = new Carrier();
                carriers.add(carrier);
            }
            next.carrier = carrier;
        }
        switches.incrementAndGet();
        current = next;
        LockSupport.unpark(carrier.thread);
    }

    private Strand next() {
        while (true) {
            if (runnable.isEmpty()) {
                moveTime();
            }
            int drawn = runnable.size() == 1 ? 0 : choice.nextInt(runnable.size());
            Strand strand = runnable.get(drawn);
            runnable.set(drawn, runnable.get(runnable.size() - 1));
            runnable.remove(runnable.size() - 1);
            SimProcess process = strand.process;
            if (process != null && process.isDead && strand.carrier == null) {
                strand.isDone = true;
                process.strands.remove(strand);
            } else if (process != null && process.frozenUntil > now) {
                strand.wakeAt = process.frozenUntil;
                timed.add(strand);
            } else {
                return strand;
            }
        }
    }

    private void moveTime() {
        if (timed.isEmpty()) {
            throw new IllegalStateException("nothing can run and nothing waits for a time");
        }
        now = Math.max(now, timed.first().wakeAt);
        while (!timed.isEmpty() && timed.first().wakeAt <= now) {
            runnable.add(timed.pollFirst());
        }
    }

    static long millis(Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            return 0;
        }
        if (duration.compareTo(Duration.ofDays(10_000)) > 0) {
            return Duration.ofDays(10_000).toMillis();
        }
        return Math.max(1, duration.plusNanos(999_999).toMillis());
    }

    /** Waits until it is raised or the time is over. Raising wakes every waiter; one of them consumes it. */
    final class SimSignal implements Signal {
        private final List<Strand> waiters = new ArrayList<>();
        private boolean isRaised;

        @Override
        public void raise() {
            isRaised = true;
            waiters.forEach(SimTime.this::wake);
            waiters.clear();
        }

        @Override
        public boolean await(Duration atMost) throws InterruptedException {
            Strand me = current();
            if (me.isDying()) {
                return true; // ends loops that contain whatever is thrown into them
            }
            me.checkAlive();
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            me.deadline = now + millis(atMost);
            while (!isRaised && now < me.deadline) {
                waiters.add(me);
                me.isInterruptible = true;
                park(me);
                me.isInterruptible = false;
                waiters.remove(me);
                me.checkAlive();
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
            boolean wasRaised = isRaised;
            isRaised = false;
            return wasRaised;
        }
    }

    /** One body with its place in the order. */
    final class Strand implements Task {
        final String name;
        final @Nullable SimProcess process;
        private final Runnable body;
        private final long number;
        private final List<Strand> joiners = new ArrayList<>();
        private @Nullable Carrier carrier;
        private long deadline;
        private long wakeAt;
        private boolean interrupt;
        private boolean isInterruptible;
        private boolean isDone;
        private int deaths;

        Strand(String name, @Nullable SimProcess process, Runnable body) {
            this.name = name;
            this.process = process;
            this.body = body;
            this.number = strandCount++;
        }

        /** Throws into a strand whose process was killed. */
        void checkAlive() {
            if (process != null && process.isDead) {
                if (++deaths > MOST_DEATHS) {
                    isDone = true;
                    leftBehind.add(name);
                    give(SimTime.this.next());
                    while (true) {
                        LockSupport.park(this);
                    }
                }
                throw new NodeDied();
            }
        }

        boolean isDying() {
            return deaths > 0;
        }

        private void applyInterrupt() {
            if (interrupt) {
                interrupt = false;
                Thread.currentThread().interrupt();
            }
        }

        private void run() {
            try {
                applyInterrupt();
                body.run();
            } catch (NodeDied e) {
                // the process was killed
            } catch (Throwable e) {
                if (process != null && !process.isDead) {
                    process.escaped = e;
                }
            }
            Thread.interrupted();
            isDone = true;
            if (process != null) {
                process.strands.remove(this);
            }
            joiners.forEach(SimTime.this::wake);
        }

        @Override
        public void interrupt() {
            if (isDone) {
                return;
            }
            if (this == current) {
                Thread.currentThread().interrupt();
            } else {
                interrupt = true;
                if (isInterruptible) {
                    wake(this);
                }
            }
        }

        @Override
        public boolean isDone() {
            return isDone;
        }

        @Override
        public boolean join(Duration atMost) throws InterruptedException {
            Strand me = current();
            me.checkAlive();
            me.deadline = now + millis(atMost);
            while (!isDone && now < me.deadline) {
                joiners.add(me);
                me.isInterruptible = true;
                park(me);
                me.isInterruptible = false;
                joiners.remove(me);
                me.checkAlive();
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
            return isDone;
        }
    }

    /** A real thread that carries one strand after another. */
    private final class Carrier {
        private final Thread thread;

        Carrier(Thread own) {
            thread = own;
        }

        Carrier() {
            thread = SimThreads.start("sim-carrier", this::carry);
        }

        private void carry() {
            while (true) {
                Strand strand = current;
                while (strand.carrier != this || strand.isDone) {
                    if (isClosed) {
                        return;
                    }
                    LockSupport.park(SimTime.this);
                    strand = current;
                }
                while (strand.carrier == this) {
                    strand.run();
                    Strand next = next();
                    if (next.carrier == null) {
                        next.carrier = this;
                        current = next;
                        strand = next;
                    } else {
                        idle.push(this);
                        give(next);
                        break;
                    }
                }
            }
        }
    }
}
