package dev.kairos.builtin.system;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything one child started, found by three marks: descent, its session, and the execution's id in the environment.
 * The first is lost when a parent ends, the second by setsid, the third only by a program that wipes its environment.
 */
final class ProcessTree {
    private static final Logger LOG = LoggerFactory.getLogger("cron.process");
    private static final Path PROC = Path.of("/proc");
    private static final boolean HAS_PROC = Files.exists(PROC.resolve("self/stat"));
    private static final Duration AFTER_KILL = Duration.ofSeconds(5);
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(50);

    private final Process process;
    private final boolean leadsSession;
    private final Optional<String> marker;
    private final Set<ProcessHandle> seen = new LinkedHashSet<>();

    ProcessTree(Process process, boolean leadsSession, Optional<String> marker) {
        this.process = process;
        this.leadsSession = leadsSession;
        this.marker = marker.filter(value -> !value.isEmpty());
    }

    /** TERM, the grace, KILL, and up to five seconds until nothing is left. */
    synchronized void end(Duration grace) {
        if (look().isEmpty()) {
            return;
        }
        signal("TERM", ProcessHandle::destroy);
        if (emptyWithin(grace)) {
            return;
        }
        long until = System.nanoTime() + AFTER_KILL.toNanos();
        // Again and again: a process that forks while it is being killed must not slip through.
        do {
            signal("KILL", ProcessHandle::destroyForcibly);
        } while (!emptyWithin(Duration.ofMillis(100)) && System.nanoTime() - until < 0);
        List<ProcessHandle> left = look();
        if (!left.isEmpty()) {
            LOG.warn(
                    "cron.process survives-kill pids={}",
                    left.stream().map(ProcessHandle::pid).toList());
        }
    }

    private boolean emptyWithin(Duration bound) {
        long until = System.nanoTime() + SystemSignal.nanos(bound);
        long pause = TimeUnit.MILLISECONDS.toNanos(1);
        while (!look().isEmpty()) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            LockSupport.parkNanos(Math.min(left, pause));
            Thread.interrupted(); // an interrupt would make every further pause end at once
            pause = Math.min(LONGEST_PAUSE, pause * 2);
        }
        return true;
    }

    /** Who is alive now; each one seen once is remembered with its start, so that a reused id is never taken for it. */
    private List<ProcessHandle> look() {
        if (process.isAlive()) {
            seen.add(process.toHandle());
        }
        for (ProcessHandle parent : List.copyOf(seen)) {
            parent.descendants().forEach(seen::add);
        }
        if (HAS_PROC) {
            byMarks().forEach(seen::add);
        }
        seen.removeIf(handle -> !isRunning(handle));
        return new ArrayList<>(seen);
    }

    private static boolean isRunning(ProcessHandle handle) {
        return handle.isAlive()
                && ProcStat.read(PROC, handle.pid()).map(stat -> !stat.isDead()).orElse(true);
    }

    private Stream<ProcessHandle> byMarks() {
        boolean sessionIsOurs = leadsSession && isSessionOurs();
        List<ProcessHandle> found = new ArrayList<>();
        ProcessHandle.allProcesses().forEach(handle -> {
            boolean inSession = sessionIsOurs
                    && ProcStat.read(PROC, handle.pid())
                            .filter(stat -> stat.session() == process.pid())
                            .isPresent();
            if (inSession || isMarked(handle.pid())) {
                found.add(handle);
            }
        });
        return found.stream();
    }

    /**
     * The kernel gives a process id to nobody while a session or group bears it. So once our child was reaped, a living
     * process with its id means that the session is another one.
     */
    private boolean isSessionOurs() {
        return process.isAlive() || !Files.exists(PROC.resolve(Long.toString(process.pid())));
    }

    private boolean isMarked(long pid) {
        return marker.isPresent() && ExecutionMark.of(pid).equals(marker);
    }

    private interface Blow {
        boolean strike(ProcessHandle handle);
    }

    private void signal(String name, Blow blow) {
        if (leadsSession && isSessionOurs()) {
            signalGroup(name);
        }
        for (ProcessHandle handle : look()) {
            try {
                blow.strike(handle);
            } catch (IllegalStateException refused) {
                LOG.debug("cron.process cannot-signal pid={}", handle.pid(), refused);
            }
        }
    }

    private void signalGroup(String name) {
        String group = "-" + process.pid();
        List<String> command = Files.isExecutable(Path.of("/bin/kill"))
                ? List.of("/bin/kill", "-" + name, "--", group)
                : List.of("/bin/sh", "-c", "kill -s \"$1\" -- \"$2\"", "kill", name, group);
        try {
            Process kill = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.DISCARD)
                    .start();
            if (!kill.waitFor(5, TimeUnit.SECONDS)) {
                kill.destroyForcibly();
            }
        } catch (IOException refused) {
            LOG.debug("cron.process cannot-signal group={}", group, refused);
        } catch (InterruptedException interrupted) {
            // Each process is signalled by itself as well; the caller keeps the flag of its own.
            LOG.debug("cron.process interrupted group={}", group, interrupted);
        }
    }
}
