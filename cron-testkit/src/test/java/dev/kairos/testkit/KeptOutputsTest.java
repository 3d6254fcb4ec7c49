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
import dev.kairos.api.store.Ledger;
import dev.kairos.api.store.Outbox;
import dev.kairos.orchestrator.OutputStore;
import dev.kairos.orchestrator.output.KeptOutputs;
import dev.kairos.orchestrator.output.OutputFiles;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptOutputsTest {
    private static final Instant START = Instant.parse("2027-01-15T08:00:00Z");
    private static final Job JOB = new Job("job1", JobDefinition.builder().build(), 1, EngineState.fresh());

    @TempDir
    Path home;

    private final ManualEnvironment environment = new ManualEnvironment(START);
    private final List<String> asked = new ArrayList<>();
    private final Map<String, String> pages = new HashMap<>();
    private final Map<String, String> facts = new HashMap<>();
    private boolean isStoreSilent;
    private boolean isKeeping;

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
        Object ledger = Proxy.newProxyInstance(
                Ledger.class.getClassLoader(),
                new Class<?>[] {Ledger.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "facts" ->
                        facts.entrySet().stream()
                                .filter(fact -> fact.getKey().startsWith((String) args[0]))
                                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
                    case "keepFact" -> facts.put((String) args[0], ((Optional<String>) args[2]).orElseThrow()) == null;
                    default -> Optional.ofNullable(pages.get(args[0]));
                });
        return (JobStore) Proxy.newProxyInstance(
                JobStore.class.getClassLoader(),
                new Class<?>[] {JobStore.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "keepsOutputs" -> isKeeping;
                    case "ledger" -> ledger;
                    default -> outbox;
                });
    }

    private KeptOutputs outputs(int keep) {
        return outputs(home, keep);
    }

    private KeptOutputs outputs(Path home, int keep) {
        return new KeptOutputs(environment, new OutputFiles(environment, home), store(), keep);
    }

    /** Saves, and answers the row as the ledger then has it. */
    private static Execution saved(KeptOutputs outputs, int number, String message) throws IOException {
        Execution row = row(number);
        return row.toBuilder()
                .output(outputs.save(JOB, row, RunResult.ok(message)).name())
                .build();
    }

    private static Envelope envelope() {
        return Envelope.pending("e1", "job1", "console", Envelope.Content.RESULT, START).toBuilder()
                .state(EnvelopeState.RETRY)
                .attempts(1)
                .fence(1)
                .build();
    }

    private static Execution row(int number) {
        return Execution.builder("e" + number, "job1", START.plusSeconds(number))
                .status(ExecutionStatus.OK)
                .startedAt(START.plusSeconds(number))
                .build();
    }

    @Test
    void aHomeReadsWhatRunsOfAnotherSaidThatSharesItsFile(@TempDir Path other) throws IOException {
        KeptOutputs here = outputs(2);
        Execution row = saved(outputs(other, 2), 1, "said there");

        assertThat(here.message(row)).contains("said there");
        assertThat(here.isFile(row)).isTrue();
        here.purge("job1");
        assertThat(here.message(row))
                .as("the store may be a copy of the other's")
                .contains("said there");
    }

    @Test
    void whatIsNoHomeOrSaysThatItLiesElsewhereIsNotRead(@TempDir Path other) throws IOException {
        Execution row = saved(outputs(other, 2), 1, "said there");
        facts.clear();
        facts.put("output-home a", "relative/home");
        facts.put("output-home b", "\0");
        facts.put("output-home c", other.resolve("cron").toString());

        assertThat(outputs(2).message(row)).isEmpty();
        assertThat(outputs(2)
                        .message(row.toBuilder().output("../../config.yaml").build()))
                .isEmpty();
    }

    @Test
    void theNewestAndWhatAnEnvelopeStillNeedsStay() throws IOException {
        KeptOutputs outputs = outputs(2);
        List<Execution> saved = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            saved.add(saved(outputs, i, "message " + i));
        }
        assertThat(asked).as("nothing to prune, nothing to ask").isEmpty();
        for (int i = 2; i < 6; i++) {
            saved.add(saved(outputs, i, "message " + i));
        }
        assertThat(outputs.message(saved.get(0))).isEmpty();
        assertThat(outputs.message(saved.get(1))).contains("message 1");
        assertThat(outputs.message(saved.get(3))).isEmpty();
        assertThat(outputs.message(saved.get(4))).contains("message 4");
        assertThat(outputs.message(saved.get(5))).contains("message 5");
    }

    @Test
    void aSilentStoreLosesNoOutput() throws IOException {
        KeptOutputs outputs = outputs(1);
        isStoreSilent = true;
        Execution first = saved(outputs, 0, "first");
        Execution second = saved(outputs, 1, "second");
        assertThat(asked).hasSize(1);
        assertThat(outputs.message(first)).contains("first");
        assertThat(outputs.message(second)).contains("second");
        assertThatThrownBy(() -> outputs(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatTheStoreKeepsIsReadWhereThereIsNoFile() throws IOException {
        isKeeping = true;
        KeptOutputs here = outputs(1);
        OutputStore.Saved kept = here.save(JOB, row(0), RunResult.ok("far away"));
        Execution row = row(0).toBuilder().output(kept.name()).build();
        pages.put(row.id(), kept.page().orElseThrow());

        Files.delete(home.resolve("cron/output").resolve(kept.name()));
        assertThat(here.message(row)).contains("far away");
        assertThat(here.page(row)).isEqualTo(kept.page());
        assertThat(here.message(row(0))).as("an attempt that kept nothing").isEmpty();
    }

    @Test
    void aDiskThatRefusesCostsNothingWhereTheStoreKeepsIt() throws IOException {
        isKeeping = true;
        Files.createDirectories(home.resolve("cron"));
        Files.writeString(home.resolve("cron/output"), "a file where the folder should be");
        OutputStore.Saved kept = outputs(1).save(JOB, row(0), RunResult.ok("kept"));
        assertThat(kept.page().orElseThrow()).contains("kept");

        isKeeping = false;
        assertThatThrownBy(() -> outputs(1).save(JOB, row(0), RunResult.ok("lost")))
                .isInstanceOf(IOException.class);
    }
}
