package dev.kairos.testkit;

import dev.kairos.api.env.ChildProcess;
import dev.kairos.api.env.Environment;
import dev.kairos.api.env.ProcessSpec;
import dev.kairos.api.env.Processes;
import dev.kairos.api.env.Signal;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Processes that never exist: a script says for each how long it takes in virtual time and what it leaves behind.
 *
 * <p>Thread-safe. Status: experimental since 0.1.
 */
public final class ScriptedProcesses implements Processes {
    /** Decides what comes of a start. */
    @FunctionalInterface
    public interface Script {
        /**
         * What comes of it.
         *
         * @throws IOException if it cannot be started
         */
        Outcome of(ProcessSpec spec) throws IOException;
    }

    /**
     * What comes of a process.
     *
     * @param takes how long it runs, in virtual time
     */
    public record Outcome(int exitCode, String stdout, String stderr, Duration takes) {
        /** Success at once. */
        public static Outcome prints(String stdout) {
            return new Outcome(0, stdout, "", Duration.ZERO);
        }
    }

    private final Environment environment;
    private final Script script;
    private final List<ProcessSpec> started = new CopyOnWriteArrayList<>();

    /** Processes that wait on the environment's time. */
    public ScriptedProcesses(Environment environment, Script script) {
        this.environment = environment;
        this.script = script;
    }

    /** What was started so far, in order. */
    public List<ProcessSpec> started() {
        return List.copyOf(started);
    }

    @Override
    public ChildProcess start(ProcessSpec spec) throws IOException {
        Outcome outcome = script.of(spec);
        started.add(spec);
        return new Child(started.size(), outcome, environment);
    }

    private static final class Child implements ChildProcess {
        private static final int KILLED = 128 + 9;

        private final long pid;
        private final Outcome outcome;
        private final Environment environment;
        private final Duration end;
        private final Signal wake;
        private final AtomicBoolean killed = new AtomicBoolean();

        Child(long pid, Outcome outcome, Environment environment) {
            this.pid = pid;
            this.outcome = outcome;
            this.environment = environment;
            this.end = environment.uptime().plus(outcome.takes());
            this.wake = environment.newSignal();
        }

        @Override
        public long pid() {
            return pid;
        }

        @Override
        public boolean await(Duration atMost) throws InterruptedException {
            Duration left = end.minus(environment.uptime());
            if (!killed.get() && !left.isNegative() && !left.isZero()) {
                wake.await(left.compareTo(atMost) < 0 ? left : atMost);
            }
            return hasEnded();
        }

        private boolean hasEnded() {
            return killed.get() || environment.uptime().compareTo(end) >= 0;
        }

        @Override
        public int exitCode() {
            if (!hasEnded()) {
                throw new IllegalThreadStateException("still running");
            }
            return killed.get() ? KILLED : outcome.exitCode();
        }

        @Override
        public String stdout() {
            return outcome.stdout();
        }

        @Override
        public String stderr() {
            return outcome.stderr();
        }

        @Override
        public void killTree(Duration grace) {
            if (!hasEnded()) {
                killed.set(true);
            }
            wake.raise();
        }
    }
}
