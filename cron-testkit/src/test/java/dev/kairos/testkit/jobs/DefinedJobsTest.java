package dev.kairos.testkit.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.JobState;
import dev.kairos.orchestrator.jobs.JobChange;
import dev.kairos.orchestrator.jobs.JobEdit;
import dev.kairos.orchestrator.jobs.JobOperations;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DefinedJobsTest {
    private final Desk desk = new Desk();
    private final JobDefinition report = JobDefinition.builder()
            .set(JobField.NAME, "report")
            .set(JobField.HANDLER, "report")
            .build();

    @Test
    void definingAgainAtEachStartMakesOneJobAndWritesNothing() {
        JobChange first = desk.operations.define(report, "every 1h");
        desk.pass(Duration.ofMinutes(10));
        JobChange second = desk.operations.define(report, "every 1h");
        assertThat(first.changed()).isTrue();
        assertThat(second.changed()).isFalse();
        assertThat(desk.operations.list()).containsExactly(first.job());
    }

    @Test
    void twoProcessesThatStartAtOnceMakeOneJob() {
        JobOperations other = desk.operations.with(desk.operations.rules());
        assertThat(desk.operations.define(report, "every 1h").job().id())
                .isEqualTo(other.define(report, "every 1h").job().id());
        assertThat(desk.operations.list()).hasSize(1);
    }

    @Test
    void aDelayDoesNotBeginAnewAtEachStart() {
        Job job = desk.operations.define(report, "30m").job();
        desk.pass(Duration.ofMinutes(20));
        assertThat(desk.operations.define(report, "30m").changed()).isFalse();
        assertThat(desk.job(job.id()).engine().nextRunAt()).contains(Desk.START.plus(Duration.ofMinutes(30)));
    }

    @Test
    void anOperatorsEditAndPauseStandUntilTheCodeChanges() {
        String id = desk.operations.define(report, "every 1h").job().id();
        desk.operations.edit(id, JobEdit.builder().setRaw("timeout", "5m").build());
        desk.operations.pause(id, Optional.of("holiday"));
        assertThat(desk.operations.define(report, "every 1h").changed()).isFalse();
        assertThat(desk.job(id).definition().get(JobField.TIMEOUT)).contains(Duration.ofMinutes(5));
        assertThat(desk.job(id).engine().state()).isEqualTo(JobState.PAUSED);

        JobChange changed = desk.operations.define(report, "every 2h");
        assertThat(changed.changed()).isTrue();
        assertThat(changed.job().definition().get(JobField.TIMEOUT)).isEmpty();
        assertThat(changed.job().engine().state()).isEqualTo(JobState.SCHEDULED);
        assertThat(changed.job().engine().nextRunAt()).contains(Desk.START.plus(Duration.ofHours(2)));
        assertThat(changed.job().definition().get(JobField.CREATED_AT)).contains(Desk.START);
        assertThat(changed.notes()).anyMatch(note -> note.contains("paused"));
        assertThat(desk.operations.define(report, "every 2h").changed()).isFalse();
    }

    @Test
    void theOrderOfArgumentsIsNoChange() {
        JobDefinition one =
                report.toBuilder().set(JobField.ARGS, Map.of("a", 1, "b", 2)).build();
        Map<String, Object> turned = new java.util.LinkedHashMap<>();
        turned.put("b", 2);
        turned.put("a", 1);
        desk.operations.define(one, "every 1h");
        assertThat(desk.operations
                        .define(report.toBuilder().set(JobField.ARGS, turned).build(), "every 1h")
                        .changed())
                .isFalse();
    }

    @Test
    void aNameThatAnotherJobHoldsIsRefused() {
        desk.create("Report", "every 1h");
        assertThatThrownBy(() -> desk.operations.define(report, "every 1h")).hasMessageContaining("has this name");
        assertThat(desk.operations.list()).hasSize(1);
    }

    @Test
    void aJobWithoutANameCannotBeDefined() {
        assertThatThrownBy(() -> desk.operations.define(
                        JobDefinition.builder().set(JobField.HANDLER, "h").build(), "every 1h"))
                .hasMessageContaining("name");
    }

    @Test
    void undefineRemovesOnlyWhatCodeDefined() {
        desk.operations.define(report, "every 1h");
        desk.create("other", "every 1h");
        assertThat(desk.operations.undefine("other")).isEmpty();
        assertThat(desk.operations.undefine("report")).isPresent();
        assertThat(desk.operations.undefine("report")).isEmpty();
        assertThat(desk.operations.list()).hasSize(1);
    }
}
