package dev.kairos.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.run.FailureKind;
import dev.kairos.api.run.RunResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * What every runner must keep, whatever work it does. A runner's test extends it, makes the runner, and gives a job that
 * ends well; each further job that it gives (one that fails, never ends, cannot begin, says too much, shows a variable)
 * brings the tests of that ability, which are skipped without it.
 *
 * <p>Status: experimental since 0.1.
 */
public abstract class JobRunnerContract extends RunnerContract {
    /** As much as a host keeps of one run's text, and what says that the middle was cut. */
    private static final int MOST_CHARACTERS = (1 << 20) + 4_096;

    private static final Duration A_MOMENT = Duration.ofMillis(200);
    private static final int TOGETHER = 6;

    /** For subclasses. */
    protected JobRunnerContract() {}

    @Test
    final void itsKindIsLegalAndStaysTheSame() throws Exception {
        assertThat(runner().kind()).matches("[a-z0-9][a-z0-9-]{0,63}").isEqualTo(runner().kind());
        assertThat(create().kind()).isEqualTo(runner().kind());
    }

    @Test
    final void aCheckRunsNothingFindsNoFaultInASoundJobAndSpeaksInWords() {
        Duration begun = environment().uptime();
        assertThat(runner().check(succeeding())).as("what a sound job lacks").isEmpty();
        endless().ifPresent(job -> runner().check(job));
        unready().ifPresent(job -> {
            try {
                assertThat(runner().check(job))
                        .allSatisfy(lacking -> assertThat(lacking).isNotBlank());
            } catch (InvalidInputException refused) {
                assertThat(refused.accepted()).isNotBlank();
            }
        });
        assertThat(environment().uptime().minus(begun)).isLessThan(quick());
    }

    @Test
    final void aJobWithoutAnyFieldHarmsNobody() throws InterruptedException {
        JobDefinition bare = JobDefinition.builder().set(JobField.NAME, "bare").build();
        assertThatCode(() -> runner().backends(RunOf.job(bare))).doesNotThrowAnyException();
        try {
            assertThat(runner().check(bare)).isNotNull();
        } catch (InvalidInputException refused) {
            assertThat(refused.reason()).isNotBlank();
        }
        Attempt attempt = ended(bare);
        attempt.result().ifPresent(JobRunnerContract::assertTold);
        attempt.thrown().ifPresent(JobRunnerContract::assertWorded);
        assertNothingIsLeft();
    }

    @Test
    final void itRunsAndSaysItsMessage() throws InterruptedException {
        assertOk(ended(succeeding()));
        assertNothingIsLeft();
    }

    @Test
    final void itRunsAgainAndAgain() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            assertOk(ended(succeeding()));
        }
        assertNothingIsLeft();
    }

    @Test
    final void runsMayOverlap() throws InterruptedException {
        List<Attempt> attempts = new ArrayList<>();
        for (int i = 0; i < TOGETHER; i++) {
            attempts.add(begin(succeeding()));
        }
        for (Attempt attempt : attempts) {
            assertThat(attempt.await(runBound())).as("ended").isTrue();
            assertOk(attempt);
        }
        assertNothingIsLeft();
    }

    @Test
    final void aFailureIsToldInWordsAndHasAKind() throws InterruptedException {
        Attempt attempt = ended(given(failing(), "no job of this kind fails"));
        attempt.result().ifPresent(result -> {
            assertThat(result.status()).isNotEqualTo(ExecutionStatus.OK);
            assertTold(result);
            assertThat(result.failureKind()).as("the kind of failure").isPresent();
        });
        attempt.thrown().ifPresent(JobRunnerContract::assertWorded);
        assertThat(attempt.result().isPresent() || attempt.thrown().isPresent()).isTrue();
        assertNoSecretIn(attempt);
        assertNothingIsLeft();
    }

    @Test
    final void whatCannotBeginIsBlockedAndSaysWhatToMend() throws InterruptedException {
        Attempt attempt = ended(given(unready(), "nothing of this kind can be unready"));
        assertThat(attempt.thrown()).isEmpty();
        RunResult result = attempt.result().orElseThrow();
        assertThat(result.status()).isEqualTo(ExecutionStatus.BLOCKED_CONFIG);
        assertThat(result.failureKind()).contains(FailureKind.CONFIG);
        assertTold(result);
        assertNoSecretIn(attempt);
    }

    /** A time-out, a cancellation and a stop all come as an interrupt. */
    @Test
    final void anInterruptEndsItWithEverythingItStarted() throws InterruptedException {
        Attempt attempt = begin(given(endless(), "every job of this kind ends by itself"));
        assertThat(attempt.await(A_MOMENT)).as("ended by itself").isFalse();
        attempt.interrupt();
        assertThat(attempt.await(endBound())).as("ended after the interrupt").isTrue();
        assertNotOk(attempt);
        assertNoSecretIn(attempt);
        assertNothingIsLeft();
    }

    @Test
    final void anInterruptThatComesBeforeItBeginsIsNotLost() throws InterruptedException {
        Attempt attempt = begin(given(endless(), "every job of this kind ends by itself"));
        attempt.interrupt();
        assertThat(attempt.await(endBound())).as("ended after the interrupt").isTrue();
        assertNotOk(attempt);
        assertNothingIsLeft();
    }

    @Test
    final void theEndOfOneRunIsNobodyElses() throws InterruptedException {
        JobDefinition endless = given(endless(), "every job of this kind ends by itself");
        Attempt first = begin(endless);
        Attempt second = begin(endless);
        assertThat(first.await(A_MOMENT)).as("ended by itself").isFalse();
        first.interrupt();
        assertThat(first.await(endBound())).as("ended after the interrupt").isTrue();
        assertThat(second.await(A_MOMENT)).as("the other ended too").isFalse();
        assertOk(ended(succeeding()));
        second.interrupt();
        assertThat(second.await(endBound())).as("the other ended after its own").isTrue();
        assertNothingIsLeft();
    }

    @Test
    final void whatItSaysIsBounded() throws InterruptedException {
        Attempt attempt = ended(given(loud(), "nothing of this kind says too much"));
        assertThat(attempt.words().length()).isLessThanOrEqualTo(MOST_CHARACTERS);
        assertThat(attempt.words()).isNotBlank();
    }

    @Test
    final void itsChildKnowsItsJobAndNothingOfTheHost() throws InterruptedException {
        assumeTrue(showing("PATH").isPresent(), "it starts no child");
        assertShown("KAIROS_JOB_ID", request -> request.job().id());
        assertShown("KAIROS_EXECUTION_ID", request -> request.execution().id());
        assertShown("OF_THE_JOB", request -> "its own");
        assertShown("OF_THE_HOST", request -> "");
    }

    private void assertShown(String variable, Function<RunOf, String> expected) throws InterruptedException {
        JobDefinition job = showing(variable).orElseThrow().toBuilder()
                .set(JobField.ENV, Map.of("OF_THE_JOB", "its own"))
                .build();
        Attempt attempt = ended(job);
        assertThat(attempt.thrown()).isEmpty();
        assertThat(attempt.result().orElseThrow().message()).as(variable).isEqualTo(expected.apply(attempt.request()));
    }

    private static JobDefinition given(Optional<JobDefinition> job, String otherwise) {
        assumeTrue(job.isPresent(), otherwise);
        return job.orElseThrow();
    }

    private void assertOk(Attempt attempt) {
        assertThat(attempt.thrown()).isEmpty();
        RunResult result = attempt.result().orElseThrow();
        assertThat(result.status()).as(attempt.words()).isEqualTo(ExecutionStatus.OK);
        assertThat(result.message()).isEqualTo(said());
        assertNoSecretIn(attempt);
    }

    /** The host knows why it interrupted; the runner only must not call it a success, nor fall apart. */
    private static void assertNotOk(Attempt attempt) {
        attempt.result().ifPresent(result -> {
            assertThat(result.status()).isNotEqualTo(ExecutionStatus.OK);
            assertTold(result);
        });
        attempt.thrown().ifPresent(thrown -> assertThat(thrown).isInstanceOf(Exception.class));
        assertThat(attempt.result().isPresent() || attempt.thrown().isPresent()).isTrue();
    }

    private static void assertTold(RunResult result) {
        if (result.status() != ExecutionStatus.OK) {
            assertThat(result.error()).as("the words for a person").isPresent();
            assertThat(result.error().orElseThrow()).isNotBlank().doesNotContain("\tat ");
        }
    }

    /** What is thrown counts as a transient failure with its message, so it needs one; an error is nobody's answer. */
    private static void assertWorded(Throwable thrown) {
        assertThat(thrown).isInstanceOf(Exception.class).isNotInstanceOf(NullPointerException.class);
        assertThat(thrown.getMessage()).isNotBlank();
    }

    private void assertNoSecretIn(Attempt attempt) {
        for (String secret : secrets()) {
            assertThat(attempt.words()).doesNotContain(secret);
        }
    }
}
