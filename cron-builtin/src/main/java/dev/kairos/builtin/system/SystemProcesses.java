package dev.kairos.builtin.system;

import dev.kairos.api.env.ChildProcess;
import dev.kairos.api.env.LeftoverScope;
import dev.kairos.api.env.PipedProcess;
import dev.kairos.api.env.ProcessSpec;
import dev.kairos.api.env.Processes;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts children, each in a session of its own where {@code setsid -w} exists, so that a whole group can be ended. */
final class SystemProcesses implements Processes {
    private static final Logger LOG = LoggerFactory.getLogger("cron.process");
    private static final String DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";
    private static final Path NULL_DEVICE = Path.of("/dev/null");

    private static final List<String> SETSID = List.of("/usr/bin/setsid", "/bin/setsid");

    private final SystemThreads threads;
    private final List<String> candidates;
    private @Nullable Optional<Path> setsid;

    SystemProcesses(SystemThreads threads) {
        this(threads, SETSID);
    }

    SystemProcesses(SystemThreads threads, List<String> candidates) {
        this.threads = threads;
        this.candidates = candidates;
    }

    @Override
    public ChildProcess start(ProcessSpec spec) throws IOException {
        ProcessBuilder builder = builder(spec);
        boolean nullDevice = spec.input().isEmpty() && Files.exists(NULL_DEVICE);
        if (nullDevice) {
            builder.redirectInput(Redirect.from(NULL_DEVICE.toFile()));
        }
        Process process = begin(builder, spec);
        if (spec.input().isPresent()) {
            feed(process, spec.input().get());
        } else if (!nullDevice) {
            process.getOutputStream().close();
        }
        return new SystemChild(process, tree(process, spec), spec.outputLimit(), threads);
    }

    @Override
    public PipedProcess converse(ProcessSpec spec) throws IOException {
        Process process = begin(builder(spec), spec);
        return new SystemPipedChild(process, tree(process, spec), spec.outputLimit(), threads);
    }

    private ProcessBuilder builder(ProcessSpec spec) throws IOException {
        if (!Files.isDirectory(spec.workdir())) {
            throw new NoSuchFileException(
                    spec.workdir().toString(),
                    null,
                    "the working folder of " + spec.command().get(0) + " does not exist");
        }
        Path program = locate(spec);
        List<String> command = new ArrayList<>();
        setsid().ifPresent(path -> command.addAll(List.of(path.toString(), "-w")));
        command.add(program.toString());
        command.addAll(spec.command().subList(1, spec.command().size()));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(spec.workdir().toFile());
        builder.environment().clear();
        builder.environment().putAll(spec.environment());
        return builder;
    }

    private ProcessTree tree(Process process, ProcessSpec spec) {
        String marker = spec.environment().get(ExecutionMark.VARIABLE);
        return new ProcessTree(process, setsid().isPresent(), Optional.ofNullable(marker));
    }

    /** On a thread of its own: a child that reads nothing must not keep the caller. A child that has gone is no trouble. */
    private void feed(Process process, String input) {
        threads.start("kairos-stdin-" + process.pid(), () -> {
            try (OutputStream to = process.getOutputStream()) {
                to.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException closed) {
                LOG.debug("cron.process input-closed pid={}", process.pid(), closed);
            }
        });
    }

    @Override
    public int endLeftovers(Set<String> executionIds, Path home, Duration grace) {
        return endLeftovers(executionIds, new LeftoverScope(home, Optional.empty()), grace);
    }

    @Override
    public int endLeftovers(Set<String> executionIds, LeftoverScope scope, Duration grace) {
        return new Leftovers(executionIds, scope).end(grace);
    }

    private static Process begin(ProcessBuilder builder, ProcessSpec spec) throws IOException {
        try {
            return builder.start();
        } catch (IOException refused) {
            throw new IOException("cannot start " + spec.command().get(0) + ": " + refused.getMessage(), refused);
        }
    }

    /** Finds the program as execvp would, but before anything is started: setsid would only exit with 127. */
    private static Path locate(ProcessSpec spec) throws IOException {
        String name = spec.command().get(0);
        if (name.contains("/") || name.contains(File.separator)) {
            Path file = spec.workdir().resolve(name);
            if (!Files.isRegularFile(file)) {
                throw new NoSuchFileException(name, null, "there is no such program");
            }
            if (!Files.isExecutable(file)) {
                throw new IOException("cannot start " + name + ": it is not executable (chmod u+x " + name + ")");
            }
            return file;
        }
        String path = spec.environment().getOrDefault("PATH", DEFAULT_PATH);
        for (String folder : path.split(File.pathSeparator)) {
            Path file = spec.workdir().resolve(folder).resolve(name);
            if (Files.isRegularFile(file) && Files.isExecutable(file)) {
                return file;
            }
        }
        throw new NoSuchFileException(name, null, "there is no such program in PATH=" + path);
    }

    /** The setsid that knows {@code -w}; asked once. */
    private synchronized Optional<Path> setsid() {
        Optional<Path> known = setsid;
        if (known == null) {
            known = candidates.stream()
                    .map(Path::of)
                    .filter(Files::isExecutable)
                    .filter(SystemProcesses::waits)
                    .findFirst();
            setsid = known;
        }
        return known;
    }

    private static boolean waits(Path setsid) {
        try {
            Process probe = new ProcessBuilder(setsid.toString(), "-w", "true")
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.DISCARD)
                    .start();
            boolean interrupted = Thread.interrupted();
            try {
                return probe.waitFor(5, TimeUnit.SECONDS) && probe.exitValue() == 0;
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        } catch (IOException refused) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
