package dev.kairos.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.env.Environment;
import dev.kairos.api.env.Task;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.run.JobRunner;
import dev.kairos.api.run.RunResult;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What the parts of {@link JobRunnerContract} share: what a runner's test may say, and attempts on threads of their own. */
abstract class RunnerContract {
    private static final Environment REAL_TIME = new RealTimeEnvironment();
    private static final Duration LOOK = Duration.ofMillis(20);

    private Path home;
    private Set<Thread> threadsBefore = Set.of();
    private Set<ProcessHandle> processesBefore = Set.of();
    private JobRunner runner;
    private final Set<Attempt> attempts = new HashSet<>();

    /** A fresh runner, as the host would make it, for {@link #home}. */
    protected abstract JobRunner create() throws Exception;

    /** A job that ends well within seconds, and says {@link #said}. */
    protected abstract JobDefinition succeeding();

    /** The message of the job that ends well. */
    protected String said() {
        return "done";
    }

    /** A job that fails, and says {@link #secrets} where it can; empty if no job of this kind can fail. */
    protected Optional<JobDefinition> failing() {
        return Optional.empty();
    }

    /** A job that never ends by itself, starts children where it can. */
    protected Optional<JobDefinition> endless() {
        return Optional.empty();
    }

    /** A job that cannot begin before somebody mends a configuration. */
    protected Optional<JobDefinition> unready() {
        return Optional.empty();
    }

    /** A job that says more than ten megabytes. */
    protected Optional<JobDefinition> loud() {
        return Optional.empty();
    }

    /** A job whose message is the value of the variable in its child's environment. */
    protected Optional<JobDefinition> showing(String variable) {
        return Optional.empty();
    }

    /** What must never be said: credentials in the runner's settings. */
    protected List<String> secrets() {
        return List.of();
    }

    /** Real time; one with processes, where the runner starts some. */
    protected Environment environment() {
        return REAL_TIME;
    }

    /** Within which an interrupted run has ended with everything that it started. */
    protected Duration endBound() {
        return Duration.ofSeconds(15);
    }

    /** Within which the job that ends well has ended on a busy machine. */
    protected Duration runBound() {
        return Duration.ofSeconds(30);
    }

    /** Whether the thread is kept by a library for the whole process and not by the runner. */
    protected boolean isALibrarys(Thread thread) {
        return false;
    }

    /** What a host grants a call that only looks. */
    Duration quick() {
        return Duration.ofSeconds(5);
    }

    /** The home of the running test, empty before {@link #create}. */
    protected final Path home() {
        return home;
    }

    @BeforeEach
    final void makeARunner(@TempDir Path folder) throws Exception {
        home = folder;
        threadsBefore = Thread.getAllStackTraces().keySet();
        processesBefore = ProcessHandle.current().descendants().collect(Collectors.toSet());
        runner = create();
    }

    @AfterEach
    final void endWhatStillRuns() throws InterruptedException {
        for (Attempt attempt : attempts) {
            attempt.interrupt();
            attempt.await(Duration.ofMillis(100));
        }
        newProcesses().forEach(ProcessHandle::destroyForcibly);
    }

    final JobRunner runner() {
        return runner;
    }

    final RunOf request(JobDefinition definition) {
        return new RunOf(definition, home, environment(), runner.backends(RunOf.job(definition)));
    }

    final Attempt begin(JobDefinition definition) {
        Attempt attempt = new Attempt(request(definition));
        attempts.add(attempt);
        return attempt;
    }

    /** Runs the job to its end. */
    final Attempt ended(JobDefinition definition) throws InterruptedException {
        Attempt attempt = begin(definition);
        assertThat(attempt.await(runBound())).as("ended within " + runBound()).isTrue();
        return attempt;
    }

    /** One run on a thread of its own, as the host's pool has it. */
    final class Attempt {
        private final RunOf request;
        private final Task task;
        private volatile @Nullable RunResult result;
        private volatile @Nullable Throwable thrown;

        private Attempt(RunOf request) {
            this.request = request;
            this.task = environment().start("run-under-test", this::run);
        }

        private void run() {
            try {
                result = runner.run(request);
                if (result == null) {
                    thrown = new AssertionError("null was returned");
                }
            } catch (Throwable trouble) {
                thrown = trouble;
            }
        }

        void interrupt() {
            request.end();
            task.interrupt();
        }

        boolean await(Duration bound) throws InterruptedException {
            return task.join(bound);
        }

        Optional<RunResult> result() {
            return Optional.ofNullable(result);
        }

        Optional<Throwable> thrown() {
            return Optional.ofNullable(thrown);
        }

        RunOf request() {
            return request;
        }

        /** Everything that it said or threw. */
        String words() {
            StringWriter words = new StringWriter();
            thrown().ifPresent(trouble -> trouble.printStackTrace(new PrintWriter(words)));
            result().ifPresent(answer -> words.append(answer.message())
                    .append('\n')
                    .append(answer.error().orElse(""))
                    .append('\n')
                    .append(answer.reason().orElse("")));
            return words.toString();
        }
    }

    /** That nothing of it lives on: no thread, no child, no child's child. */
    final void assertNothingIsLeft() throws InterruptedException {
        assertEmptiesWithin(endBound(), "processes left by the runner", this::newProcesses);
        assertEmptiesWithin(endBound(), "threads left by the runner", this::newThreads);
    }

    private <T> void assertEmptiesWithin(Duration bound, String what, Supplier<Set<T>> left)
            throws InterruptedException {
        Duration end = environment().uptime().plus(bound);
        while (!left.get().isEmpty() && environment().uptime().compareTo(end) < 0) {
            environment().newSignal().await(LOOK);
        }
        assertThat(left.get()).as(what).isEmpty();
    }

    private Set<ProcessHandle> newProcesses() {
        Set<ProcessHandle> now = ProcessHandle.current()
                .descendants()
                .filter(ProcessHandle::isAlive)
                .collect(Collectors.toSet());
        now.removeAll(processesBefore);
        return now;
    }

    private Set<Thread> newThreads() {
        Set<Thread> now = new HashSet<>(Thread.getAllStackTraces().keySet());
        now.removeAll(threadsBefore);
        now.removeIf(thread -> !thread.isAlive() || thread.getName().equals("kairos-idle") || isALibrarys(thread));
        now.removeIf(thread -> thread.getName().equals("process reaper"));
        now.removeIf(thread -> thread.getThreadGroup() != null
                && thread.getThreadGroup().getName().equals("system"));
        return now;
    }
}
