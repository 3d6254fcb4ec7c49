package dev.kairos.builtin.system;

import dev.kairos.api.env.LeftoverScope;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What processes of a dead host still run on this machine, found by the execution in their environment. */
final class Leftovers {
    private static final Logger LOG = LoggerFactory.getLogger("cron.process");
    private static final Duration AFTER_KILL = Duration.ofSeconds(5);
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

    private static final String STATE_FOLDER = "KAIROS_STATE_DIR";
    private static final String STORE = "KAIROS_STORE";

    private final Set<String> executions;
    private final LeftoverScope scope;

    Leftovers(Set<String> executions, LeftoverScope scope) {
        this.executions = Set.copyOf(executions);
        this.scope = scope;
    }

    int end(Duration grace) {
        List<ProcessHandle> found = look();
        if (found.isEmpty()) {
            return 0;
        }
        LOG.warn(
                "cron.process leftovers pids={}",
                found.stream().map(ProcessHandle::pid).toList());
        boolean interrupted = Thread.interrupted();
        try {
            found.forEach(ProcessHandle::destroy);
            if (!isGoneWithin(grace, false)) {
                isGoneWithin(AFTER_KILL, true);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return found.size();
    }

    private boolean isGoneWithin(Duration bound, boolean kill) {
        long until = System.nanoTime() + SystemSignal.nanos(bound);
        List<ProcessHandle> left = look();
        while (!left.isEmpty() && System.nanoTime() - until < 0) {
            if (kill) { // again and again: one that forks meanwhile must not slip through
                left.forEach(ProcessHandle::destroyForcibly);
            }
            LockSupport.parkNanos(PAUSE);
            left = look();
        }
        return left.isEmpty();
    }

    private List<ProcessHandle> look() {
        if (executions.isEmpty()) {
            return List.of();
        }
        long self = ProcessHandle.current().pid();
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != self)
                .filter(process -> ExecutionMark.of(process.pid())
                        .filter(executions::contains)
                        .isPresent())
                .filter(process -> !isAnothers(process.pid()))
                .toList();
    }

    /** A copy has the original's execution ids; what runs for the original is none of the copy's business. */
    private boolean isAnothers(long pid) {
        Optional<Boolean> isOfThisStore = isOfThisStore(pid);
        if (isOfThisStore.filter(is -> is).isPresent()) {
            return false;
        }
        return !isOfThisHome(pid).orElse(isOfThisStore.isEmpty());
    }

    /** Empty where the process, or the scope, names no store. */
    private Optional<Boolean> isOfThisStore(long pid) {
        return ExecutionMark.variable(pid, STORE)
                .flatMap(its -> scope.storePlace().map(its::equals));
    }

    /** Empty where its folder is gone, or cannot be seen from here: that of a container, or of a home that was moved. */
    private Optional<Boolean> isOfThisHome(long pid) {
        try {
            Path home = scope.home().toRealPath();
            Optional<String> stateFolder = ExecutionMark.variable(pid, STATE_FOLDER);
            return stateFolder.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Path.of(stateFolder.get()).toRealPath().startsWith(home));
        } catch (IOException | InvalidPathException unknown) {
            return Optional.empty();
        }
    }
}
