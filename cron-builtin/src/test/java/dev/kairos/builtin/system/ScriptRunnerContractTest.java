package dev.kairos.builtin.system;

import dev.kairos.api.env.Environment;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.run.JobRunner;
import dev.kairos.orchestrator.run.ScriptRunner;
import dev.kairos.testkit.JobRunnerContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Scripts keep the runners' contract, with real processes. */
@EnabledOnOs(OS.LINUX)
class ScriptRunnerContractTest extends JobRunnerContract {
    private static final SystemEnvironment MACHINE = new SystemEnvironment();

    @Override
    protected JobRunner create() throws IOException {
        Path scripts = Files.createDirectories(home().resolve("scripts"));
        Files.writeString(scripts.resolve("done.sh"), "echo done");
        Files.writeString(scripts.resolve("fail.sh"), "echo so sad >&2; exit 3");
        Files.writeString(scripts.resolve("endless.sh"), "sleep 600 &\nwhile :; do sleep 600; done");
        Files.writeString(scripts.resolve("loud.sh"), "head -c 12000000 /dev/zero | tr '\\0' x");
        for (String variable : List.of("PATH", "KAIROS_JOB_ID", "KAIROS_EXECUTION_ID", "OF_THE_JOB", "OF_THE_HOST")) {
            Files.writeString(scripts.resolve(variable + ".sh"), "echo \"$" + variable + "\"");
        }
        return new ScriptRunner(Map.of("PATH", "/usr/bin:/bin", "HOME", "/tmp", "OF_THE_HOST", "s3cr3t"));
    }

    private static JobDefinition script(String name) {
        return JobDefinition.builder()
                .set(JobField.NAME, name)
                .set(JobField.SCRIPT, name + ".sh")
                .set(JobField.NO_AGENT, true)
                .build();
    }

    @Override
    protected JobDefinition succeeding() {
        return script("done");
    }

    @Override
    protected Optional<JobDefinition> failing() {
        return Optional.of(script("fail"));
    }

    @Override
    protected Optional<JobDefinition> endless() {
        return Optional.of(script("endless"));
    }

    @Override
    protected Optional<JobDefinition> unready() {
        return Optional.of(script("missing"));
    }

    @Override
    protected Optional<JobDefinition> loud() {
        return Optional.of(script("loud"));
    }

    @Override
    protected Optional<JobDefinition> showing(String variable) {
        return Optional.of(script(variable));
    }

    @Override
    protected List<String> secrets() {
        return List.of("s3cr3t");
    }

    @Override
    protected Environment environment() {
        return MACHINE;
    }
}
