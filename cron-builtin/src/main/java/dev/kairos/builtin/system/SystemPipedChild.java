package dev.kairos.builtin.system;

import dev.kairos.api.env.PipedProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A child that its starter speaks with. One host thread drains its standard error, so that it never blocks on it. */
final class SystemPipedChild implements PipedProcess {
    private static final Logger LOG = LoggerFactory.getLogger("cron.process");

    private final Process process;
    private final ProcessTree tree;
    private final Capture stderr;

    SystemPipedChild(Process process, ProcessTree tree, int outputLimit, SystemThreads threads) {
        this.process = process;
        this.tree = tree;
        this.stderr = new Capture(outputLimit);
        threads.start("kairos-stderr-" + process.pid(), this::drain);
    }

    private void drain() {
        byte[] buffer = new byte[16_384];
        try (InputStream from = process.getErrorStream()) {
            int count = from.read(buffer);
            while (count >= 0) {
                stderr.add(buffer, count);
                count = from.read(buffer);
            }
        } catch (IOException closed) {
            LOG.debug("cron.process output-closed pid={} stream=stderr", process.pid(), closed);
        }
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public OutputStream stdin() {
        return process.getOutputStream();
    }

    @Override
    public InputStream stdout() {
        return process.getInputStream();
    }

    @Override
    public String stderr() {
        return stderr.text();
    }

    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void killTree(Duration grace) {
        boolean interrupted = Thread.interrupted();
        try {
            tree.end(grace);
            process.waitFor(1, TimeUnit.SECONDS);
        } catch (InterruptedException again) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
