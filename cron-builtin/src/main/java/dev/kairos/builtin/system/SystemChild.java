package dev.kairos.builtin.system;

import dev.kairos.api.env.ChildProcess;
import dev.kairos.api.env.Task;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A started child. Two host threads drain its output, so that it never blocks on a full pipe. */
final class SystemChild implements ChildProcess {
    private static final Logger LOG = LoggerFactory.getLogger("cron.process");
    /** How long to wait for output after the end: something the child left behind may hold the pipe open for ever. */
    private static final Duration LAST_OUTPUT = Duration.ofSeconds(2);

    private final Process process;
    private final ProcessTree tree;
    private final Capture stdout;
    private final Capture stderr;
    private final Task stdoutDrain;
    private final Task stderrDrain;
    private volatile Runnable outputHeard = () -> {};

    SystemChild(Process process, ProcessTree tree, int outputLimit, SystemThreads threads) {
        this.process = process;
        this.tree = tree;
        stdout = new Capture(outputLimit);
        stderr = new Capture(outputLimit);
        stdoutDrain = drain(threads, "stdout", process.getInputStream(), stdout);
        stderrDrain = drain(threads, "stderr", process.getErrorStream(), stderr);
    }

    private Task drain(SystemThreads threads, String name, InputStream from, Capture to) {
        return threads.start("kairos-" + name + "-" + process.pid(), () -> {
            byte[] buffer = new byte[16_384];
            try (from) {
                copy(from, to, buffer);
                // The JDK moves what is left in the pipe to memory when the child is reaped; look once more.
                if (process.waitFor(LAST_OUTPUT.toMillis(), TimeUnit.MILLISECONDS)) {
                    copy(from, to, buffer);
                }
            } catch (IOException closed) {
                LOG.debug("cron.process output-closed pid={} stream={}", process.pid(), name, closed);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void copy(InputStream from, Capture to, byte[] buffer) throws IOException {
        int count = from.read(buffer);
        while (count >= 0) {
            to.add(buffer, count);
            outputHeard.run();
            count = from.read(buffer);
        }
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public boolean await(Duration atMost) throws InterruptedException {
        if (!process.waitFor(SystemSignal.nanos(atMost), TimeUnit.NANOSECONDS)) {
            return false;
        }
        long until = System.nanoTime() + LAST_OUTPUT.toNanos();
        stdoutDrain.join(Duration.ofNanos(until - System.nanoTime()));
        stderrDrain.join(Duration.ofNanos(until - System.nanoTime()));
        return true;
    }

    @Override
    public void onOutput(Runnable action) {
        outputHeard = action;
    }

    @Override
    public int exitCode() {
        return process.exitValue();
    }

    @Override
    public String stdout() {
        return stdout.text();
    }

    @Override
    public String stderr() {
        return stderr.text();
    }

    @Override
    public void killTree(Duration grace) {
        boolean interrupted = Thread.interrupted();
        try {
            tree.end(grace);
            await(Duration.ofSeconds(1));
        } catch (InterruptedException again) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
