package dev.kairos.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.run.JobRunner;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That the contract passes a right runner, and finds what can be wrong with one. */
class JobRunnerContractTest {
    /** What is judged next; the tests of this class run one after another. */
    private static FlawedRunner.Flaw flaw = FlawedRunner.Flaw.NONE;

    abstract static class OfWords extends JobRunnerContract {
        @Override
        protected JobRunner create() {
            return new FlawedRunner(flaw);
        }

        @Override
        protected JobDefinition succeeding() {
            return FlawedRunner.job("done");
        }

        @Override
        protected Optional<JobDefinition> failing() {
            return FlawedRunner.some("fail");
        }

        @Override
        protected Optional<JobDefinition> endless() {
            return FlawedRunner.some("endless");
        }

        @Override
        protected Optional<JobDefinition> unready() {
            return FlawedRunner.some("unready");
        }

        @Override
        protected Optional<JobDefinition> loud() {
            return FlawedRunner.some("loud");
        }

        @Override
        protected Optional<JobDefinition> showing(String variable) {
            return FlawedRunner.some("show " + variable);
        }

        @Override
        protected List<String> secrets() {
            return List.of(FlawedRunner.SECRET);
        }
    }

    /** Run by the launcher alone, with a flaw. */
    static final class Judged extends OfWords {
        @Override
        protected Duration endBound() {
            return Duration.ofMillis(300);
        }

        @Override
        Duration quick() {
            return Duration.ofMillis(300);
        }

        @Override
        protected Duration runBound() {
            return Duration.ofSeconds(1);
        }
    }

    @Nested
    class ARightRunner extends OfWords {}

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void eachFlawIsFound(FlawedRunner.Flaw judged) {
        flaw = judged;
        try {
            assertThat(Judgement.of(Judged.class, judged.foundBy()))
                    .as(judged + " against " + judged.foundBy())
                    .isEqualTo(Judgement.FAILED);
        } finally {
            flaw = FlawedRunner.Flaw.NONE;
        }
    }
}
