package dev.kairos.provider.crontab;

import dev.kairos.api.env.ChildProcess;
import dev.kairos.api.env.ProcessSpec;
import dev.kairos.api.env.Processes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Real children, for programs that end soon. */
final class RealChildren implements Processes {
    @Override
    public ChildProcess start(ProcessSpec spec) throws IOException {
        Path out = Files.createTempFile("child", ".out");
        Path err = Files.createTempFile("child", ".err");
        ProcessBuilder builder = new ProcessBuilder(spec.command())
                .directory(spec.workdir().toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(spec.environment());
        return new Child(builder.start(), out, err);
    }

    private record Child(Process process, Path out, Path err) implements ChildProcess {
        @Override
        public long pid() {
            return process.pid();
        }

        @Override
        public boolean await(Duration atMost) throws InterruptedException {
            return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        public int exitCode() {
            return process.exitValue();
        }

        @Override
        public String stdout() {
            return read(out);
        }

        @Override
        public String stderr() {
            return read(err);
        }

        @Override
        public void killTree(Duration grace) {
            process.destroyForcibly();
        }

        private static String read(Path file) {
            try {
                return Files.readString(file, StandardCharsets.ISO_8859_1);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
