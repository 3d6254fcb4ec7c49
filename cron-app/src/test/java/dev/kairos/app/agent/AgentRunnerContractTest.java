package dev.kairos.app.agent;

import dev.kairos.api.env.Environment;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.run.JobRunner;
import dev.kairos.builtin.system.SystemEnvironment;
import dev.kairos.orchestrator.memory.MemoryStore;
import dev.kairos.runner.agent.AgentRunnerFactory;
import dev.kairos.testkit.JobRunnerContract;
import dev.kairos.testkit.MapSettings;
import dev.kairos.testkit.StandInRunnerHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Agents keep the runners' contract; the agent is a real program that does what its prompt says. */
class AgentRunnerContractTest extends JobRunnerContract {
    private static final String SECRET = "sk-s3cr3t";
    private static final SystemEnvironment MACHINE = new SystemEnvironment();
    private static final String PROGRAM = """
            #!/bin/sh
            asked=$(cat)
            case $asked in
              *SAYDONE*) echo done ;;
              *SAYFAIL*) echo "so sad" >&2; exit 3 ;;
              *SAYENDLESS*) sleep 600 & while :; do sleep 600; done ;;
              *SAYLOUD*) head -c 12000000 /dev/zero | tr '\\0' x ;;
              *SHOW_*) name=$(printf '%s' "$asked" | sed -n 's/.*SHOW_\\([A-Z_]*\\)_END.*/\\1/p'); eval "echo \\"\\$$name\\"" ;;
            esac
            """;

    @Override
    protected JobRunner create() throws IOException {
        Path program = Files.writeString(home().resolve("agent"), PROGRAM);
        program.toFile().setExecutable(true);
        Map<String, String> settings =
                Map.of("agent.models.own.command", program.toString(), "agent.models.own.env.OWN_KEY", SECRET);
        return new AgentRunnerFactory()
                .open(new StandInRunnerHost(
                        new MapSettings(settings, "agent"),
                        home(),
                        MACHINE,
                        new MemoryStore(MACHINE),
                        Map.of("PATH", "/usr/bin:/bin", "HOME", "/tmp", "OF_THE_HOST", SECRET)));
    }

    private static JobDefinition agent(String prompt) {
        return JobDefinition.builder()
                .set(JobField.NAME, "agent")
                .set(JobField.PROMPT, prompt)
                .build();
    }

    @Override
    protected JobDefinition succeeding() {
        return agent("SAYDONE");
    }

    @Override
    protected Optional<JobDefinition> failing() {
        return Optional.of(agent("SAYFAIL"));
    }

    @Override
    protected Optional<JobDefinition> endless() {
        return Optional.of(agent("SAYENDLESS"));
    }

    @Override
    protected Optional<JobDefinition> unready() {
        return Optional.of(
                agent("SAYDONE").toBuilder().set(JobField.MODEL, "nowhere").build());
    }

    @Override
    protected Optional<JobDefinition> loud() {
        return Optional.of(agent("SAYLOUD"));
    }

    @Override
    protected Optional<JobDefinition> showing(String variable) {
        return Optional.of(agent("SHOW_" + variable + "_END"));
    }

    @Override
    protected List<String> secrets() {
        return List.of(SECRET);
    }

    @Override
    protected Environment environment() {
        return MACHINE;
    }
}
