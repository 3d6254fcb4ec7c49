package dev.kairos.orchestrator.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.delivery.DeliveryException;
import dev.kairos.api.delivery.DeliveryMessage;
import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.ledger.Missed;
import dev.kairos.api.run.FailureKind;
import dev.kairos.api.run.RunResult;
import dev.kairos.api.schedule.Schedule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class MessageTextTest {
    private static final Instant AT = Instant.parse("2027-01-15T08:00:00Z");
    private static final ZoneId WARSAW = ZoneId.of("Europe/Warsaw");

    private static Job job(Schedule schedule, boolean script) {
        JobDefinition.Builder definition = JobDefinition.builder()
                .set(JobField.NAME, "night\nly")
                .set(JobField.SCHEDULE, schedule)
                .set(JobField.PROMPT, "Say what is new.\n" + "x".repeat(500))
                .set(JobField.SCRIPT, "backup.sh")
                .set(JobField.NO_AGENT, script);
        return new Job("job1", definition.build(), 1, EngineState.fresh());
    }

    private static Job recurring(boolean script) {
        return job(Schedule.interval(Duration.ofHours(1), WARSAW), script);
    }

    private static Execution.Builder row(ExecutionStatus status) {
        return Execution.builder("e1", "job1", AT).status(status);
    }

    @Test
    void aResultIsFramedByWhatItIsAndThatNobodyReadsReplies() {
        String text = MessageText.wrap(recurring(true), row(ExecutionStatus.OK).build(), "\ndone\n", true);
        assertThat(text)
                .isEqualTo("Scheduled job: night ly\nTask: script backup.sh\n--------\n\ndone\n\n--------\n"
                        + "This was sent by a scheduled job. Nobody reads replies.");
        assertThat(MessageText.wrap(recurring(false), row(ExecutionStatus.OK).build(), "done", true))
                .contains("Task: Say what is new. xxx")
                .contains("x...\n")
                .endsWith("Its agent cannot see replies.");
        assertThat(MessageText.wrap(recurring(true), row(ExecutionStatus.OK).build(), " as it is\n", false))
                .isEqualTo(" as it is\n");
    }

    @Test
    void aCatchUpSaysWhatItStandsFor() {
        Execution late = row(ExecutionStatus.OK)
                .missed(new Missed(AT.minusSeconds(60), AT, 2))
                .build();
        assertThat(MessageText.wrap(recurring(true), late, "x", true)).contains("It stands for 2 missed occurrences.");
    }

    @Test
    void aFailureSaysWhichJobWhenAndWhy() {
        Execution failed = row(ExecutionStatus.ERROR).attempt(2).build();
        assertThat(MessageText.alert(recurring(true), failed, "exit code 3", 2))
                .isEqualTo("Scheduled job failed: night ly (job1)\nDue: 2027-01-15 09:00:00 +01:00, attempt 2\n\n"
                        + "exit code 3");
        assertThat(MessageText.alert(
                        recurring(true), row(ExecutionStatus.TIMED_OUT).build(), "x", 1))
                .startsWith("Scheduled job took too long");
    }

    @Test
    void theThirdFailureInARowSuggestsToAct() {
        Execution failed = row(ExecutionStatus.ERROR).build();
        assertThat(MessageText.alert(recurring(true), failed, "x", 3))
                .contains("failed 3 times in a row", "kairos pause job1");
        assertThat(MessageText.alert(job(Schedule.once(AT, WARSAW), true), failed, "x", 3))
                .doesNotContain("in a row");
    }

    @Test
    void theWordingRedactsAndRecognisesSilence() {
        Wording wording = new Wording(new Targets(List.of(), Map.of()), new Redactor(List.of()), true);
        RunResult told = wording.prepare(recurring(true), RunResult.ok("NO_REPLY"));
        assertThat(told.silence()).contains("silent: marker");
        RunResult failed = RunResult.failed(FailureKind.TRANSIENT, "password=geheim", "[SILENT] token=geheim");
        assertThat(wording.prepare(recurring(true), failed).silence()).isEmpty();
        assertThat(wording.prepare(recurring(true), failed).error()).contains("password=[redacted]");
        assertThat(wording.prepare(recurring(true), failed).message()).isEqualTo("[SILENT] token=[redacted]");
        assertThat(wording.alert(recurring(true), row(ExecutionStatus.UNKNOWN).build()))
                .contains("was lost while it ran", "kairos runs job1");
    }

    @Test
    void theConsolePrintsTextAndNoTerminalCommands() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        ConsoleChannel console = new ConsoleChannel(new PrintStream(printed, true, StandardCharsets.UTF_8));
        console.checkAddress("");
        console.send(new DeliveryMessage("", "a\u001b[2Jb\r\n\tc", "k", "job"));
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualTo("a[2Jb\n\tc" + System.lineSeparator());
        assertThatThrownBy(() -> console.checkAddress("x")).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void aConsoleThatCouldNotBeWrittenIsTriedAgainAndOnlyItsOwnFailureCounts() throws Exception {
        FaultyStream stream = new FaultyStream();
        ConsoleChannel console = new ConsoleChannel(stream);
        stream.trouble = "No space left on device";
        assertThatThrownBy(() -> console.send(new DeliveryMessage("", "x", "k", "job")))
                .hasMessage("the console could not be written: No space left on device")
                .isInstanceOfSatisfying(DeliveryException.class, failed(DeliveryException.Kind.TRANSIENT));
        stream.trouble = "";
        console.send(new DeliveryMessage("", "größer", "k", "job"));
        assertThat(stream.text()).isEqualTo("größer" + System.lineSeparator());
    }

    @Test
    void aConsoleWithoutAReaderIsAFailedDelivery() {
        FaultyStream stream = new FaultyStream();
        for (String gone : List.of("Broken pipe", "Stream Closed", "Bad file descriptor")) {
            stream.trouble = gone;
            assertThatThrownBy(() -> new ConsoleChannel(stream).send(new DeliveryMessage("", "x", "k", "job")))
                    .hasMessageContaining(gone)
                    .isInstanceOfSatisfying(DeliveryException.class, failed(DeliveryException.Kind.TERMINAL));
        }
    }

    @Test
    void aPrintStreamThatOnceLostSomethingIsPrintedOnAndBelievedNoMore() {
        FaultyStream stream = new FaultyStream();
        ConsoleChannel console = new ConsoleChannel(new PrintStream(stream, true, StandardCharsets.UTF_8));
        stream.trouble = "No space left on device";
        assertThatThrownBy(() -> console.send(new DeliveryMessage("", "x", "k", "job")))
                .isInstanceOfSatisfying(DeliveryException.class, failed(DeliveryException.Kind.TRANSIENT));
        stream.trouble = "";
        assertThatThrownBy(() -> console.send(new DeliveryMessage("", "y", "k", "job")))
                .isInstanceOfSatisfying(DeliveryException.class, failed(DeliveryException.Kind.UNKNOWN_FATE));
        assertThat(stream.text()).contains("y");
    }

    private static Consumer<DeliveryException> failed(DeliveryException.Kind kind) {
        return failure -> assertThat(failure.kind()).isEqualTo(kind);
    }

    private static final class FaultyStream extends OutputStream {
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();
        private String trouble = "";

        @Override
        public void write(int value) throws IOException {
            if (!trouble.isEmpty()) {
                throw new IOException(trouble);
            }
            written.write(value);
        }

        String text() {
            return written.toString(StandardCharsets.UTF_8);
        }
    }
}
