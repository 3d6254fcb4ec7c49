package dev.kairos.testkit.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.TrustLevel;
import dev.kairos.orchestrator.jobs.Caller;
import dev.kairos.orchestrator.jobs.JobEdit;
import dev.kairos.orchestrator.jobs.JobOperations;
import dev.kairos.orchestrator.jobs.NotPermittedException;
import dev.kairos.orchestrator.jobs.ResumeMode;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AgentsTest {
    private final Desk desk = new Desk();
    private final JobOperations agent = desk.operations.as(Caller.agent("mcp"));

    private JobDefinition.Builder task(String schedule) {
        return JobDefinition.builder()
                .set(JobField.PROMPT, "look")
                .set(
                        JobField.SCHEDULE,
                        agent.readSchedule(schedule, Optional.empty()).schedule());
    }

    @Test
    void anAgentMayMakeChangeAndRemoveItsOwnJobs() {
        Job job = agent.create(task("every 5m").build()).job();
        agent.edit(job.id(), JobEdit.builder().setRaw("prompt", "look again").build());
        agent.pause(job.id(), Optional.empty());
        agent.resume(job.id(), ResumeMode.NEXT);
        assertThat(agent.requestRun(job.id()).execution().source()).contains("mcp");
        agent.cancel(job.id(), Optional.empty());
        agent.remove(job.id());
        assertThat(desk.operations.list()).isEmpty();
    }

    @Test
    void anAgentsJobRecursAtMostEveryFiveMinutes() {
        for (String tooOften : new String[] {"every 4m", "every 30s", "*/4 * * * *", "0,3 9 * * *"}) {
            assertThatThrownBy(() -> agent.create(task(tooOften).build()))
                    .as(tooOften)
                    .isInstanceOf(NotPermittedException.class);
        }
        Job job = agent.create(task("*/5 * * * *").build()).job();
        assertThatThrownBy(() -> agent.edit(
                        job.id(),
                        JobEdit.builder()
                                .set(
                                        JobField.SCHEDULE,
                                        agent.readSchedule("every 1m", Optional.empty())
                                                .schedule())
                                .build()))
                .isInstanceOf(NotPermittedException.class);
    }

    @Test
    void fieldsAboveItsLevelAreRefusedOneByOne() {
        Job job = agent.create(task("every 1h").build()).job();
        Map<String, Object> raw = Map.of(
                "script", "x.sh",
                "no_agent", true,
                "handler", "h",
                "env", Map.of("A", "b"),
                "workdir", "/tmp",
                "timeout", "5m",
                "model", "m",
                "provider", "p",
                "overlap", "allow");
        raw.forEach((key, value) -> assertThatThrownBy(() -> agent.edit(
                        job.id(), JobEdit.builder().setRaw(key, value).build()))
                .as(key)
                .isInstanceOf(NotPermittedException.class)
                .hasMessageContaining(key));
        assertThatThrownBy(() -> agent.create(
                        task("every 1h").set(JobField.SCRIPT, "x.sh").build()))
                .isInstanceOf(NotPermittedException.class);
        assertThat(desk.job(job.id())).isEqualTo(job);
    }

    @Test
    void jobsOfPeopleAndOfOtherAgentsAreOutOfReach() {
        Job mine = desk.create("beat", "every 1h");
        Job others = desk.operations
                .as(Caller.agent("tool"))
                .create(task("every 1h").build())
                .job();
        for (Job job : new Job[] {mine, others}) {
            assertThatThrownBy(() -> agent.pause(job.id(), Optional.empty())).isInstanceOf(NotPermittedException.class);
            assertThatThrownBy(() -> agent.remove(job.id())).isInstanceOf(NotPermittedException.class);
            assertThatThrownBy(() -> agent.requestRun(job.id())).isInstanceOf(NotPermittedException.class);
            assertThatThrownBy(() -> agent.cancel(job.id(), Optional.empty()))
                    .isInstanceOf(NotPermittedException.class);
            assertThat(desk.job(job.id())).isEqualTo(job);
        }
    }

    @Test
    void anAgentHasAtMostTwentyJobs() {
        for (int i = 0; i < 20; i++) {
            agent.create(task("every 1h").build());
        }
        assertThatThrownBy(() -> agent.create(task("every 1h").build()))
                .isInstanceOf(NotPermittedException.class)
                .hasMessageContaining("20");
        desk.create("a person's", "every 1h");
        agent.remove(agent.list().stream()
                .filter(job -> job.definition().unknown().containsKey("created_by"))
                .findFirst()
                .orElseThrow()
                .id());
        agent.create(task("every 1h").build());
    }

    @Test
    void anAgentCannotClaimAnothersJobsByTheMark() {
        Job job = agent.create(
                        task("every 1h").unknown("created_by", "agent:tool").build())
                .job();
        assertThat(job.definition().unknown()).containsEntry("created_by", "agent:mcp");
    }

    @Test
    void theApplicationMaySetHandlersAndNotScripts() {
        JobOperations application = desk.operations.as(Caller.application());
        assertThat(application.rules().caller().level()).isEqualTo(TrustLevel.APPLICATION);
        application.create(task("every 1h")
                .clear(JobField.PROMPT)
                .set(JobField.HANDLER, "h")
                .build());
        assertThatThrownBy(() -> application.create(
                        task("every 1h").set(JobField.SCRIPT, "x.sh").build()))
                .isInstanceOf(NotPermittedException.class);
    }
}
