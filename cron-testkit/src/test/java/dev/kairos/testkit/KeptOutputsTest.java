package dev.kairos.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.run.RunResult;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.Outbox;
import dev.kairos.orchestrator.output.KeptOutputs;
import dev.kairos.orchestrator.output.OutputFiles;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptOutputsTest {
    private static final Instant START = Instant.parse("2027-01-15T08:00:00Z");
    private static final Job JOB = new Job("job1", JobDefinition.builder().build(), 1, EngineState.fresh());

    @TempDir
    Path home;

    private final ManualEnvironment environment = new ManualEnvironment(START);
    private final List<String> asked = new ArrayList<>();
    private boolean isStoreSilent;

    /** A store that has nothing but an outbox with one open envelope, for execution e1. */
    @SuppressWarnings("unchecked") // the second argument of list is its set of states
    private JobStore store() {
        Object outbox = Proxy.newProxyInstance(
                Outbox.class.getClassLoader(), new Class<?>[] {Outbox.class}, (proxy, method, args) -> {
                    asked.add(method.getName());
                    if (isStoreSilent) {
                        throw new IllegalStateException("the store is silent");
                    }
                    assertThat(args[0]).isEqualTo(Optional.of("job1"));
                    assertThat((Set<EnvelopeState>) args[1]).isNotEmpty().allMatch(EnvelopeState::isOpen);
                    return List.of(envelope());
                });
        return (JobStore) Proxy.newProxyInstance(
                JobStore.class.getClassLoader(), new Class<?>[] {JobStore.class}, (proxy, method, args) -> outbox);
    }

    private static Envelope envelope() {
        return new Envelope(
                "e1",
                "job1",
                "console",
                Envelope.Content.RESULT,
                EnvelopeState.RETRY,
                1,
                START,
                Optional.empty(),
                1,
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    private static Execution row(int number) {
        return Execution.builder("e" + number, "job1", START.plusSeconds(number))
                .status(ExecutionStatus.OK)
                .startedAt(START.plusSeconds(number))
                .build();
    }

    @Test
    void theNewestAndWhatAnEnvelopeStillNeedsStay() throws IOException {
        KeptOutputs outputs = new KeptOutputs(new OutputFiles(environment, home), store(), 2);
        List<String> saved = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            saved.add(outputs.save(JOB, row(i), RunResult.ok("message " + i)));
        }
        assertThat(asked).as("nothing to prune, nothing to ask").isEmpty();
        for (int i = 2; i < 6; i++) {
            saved.add(outputs.save(JOB, row(i), RunResult.ok("message " + i)));
        }
        assertThat(outputs.message(saved.get(0))).isEmpty();
        assertThat(outputs.message(saved.get(1))).contains("message 1");
        assertThat(outputs.message(saved.get(3))).isEmpty();
        assertThat(outputs.message(saved.get(4))).contains("message 4");
        assertThat(outputs.message(saved.get(5))).contains("message 5");
    }

    @Test
    void aSilentStoreLosesNoOutput() throws IOException {
        KeptOutputs outputs = new KeptOutputs(new OutputFiles(environment, home), store(), 1);
        isStoreSilent = true;
        String first = outputs.save(JOB, row(0), RunResult.ok("first"));
        String second = outputs.save(JOB, row(1), RunResult.ok("second"));
        assertThat(asked).hasSize(1);
        assertThat(outputs.message(first)).contains("first");
        assertThat(outputs.message(second)).contains("second");
        assertThatThrownBy(() -> new KeptOutputs(new OutputFiles(environment, home), store(), 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
