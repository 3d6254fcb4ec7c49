package dev.kairos.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.CronScheduler;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That the contract passes a right provider, and can fail: each flaw is found by the test that is there for it. */
class CronSchedulerContractTest {
    /** What is judged next; the tests of this class run one after another. */
    private static Flaw flaw = Flaw.NONE;

    /** Run by the launcher alone, with a flaw. */
    static final class Judged extends CronSchedulerContract {
        @Override
        protected CronScheduler create() {
            return new FlawedProvider(flaw);
        }

        @Override
        protected Duration slack() {
            return Duration.ofMillis(300);
        }

        @Override
        Duration stopBound() {
            return Duration.ofMillis(400);
        }

        @Override
        Duration quick() {
            return Duration.ofMillis(400);
        }

        @Override
        Duration armBound() {
            return Duration.ofMillis(700);
        }
    }

    @Nested
    class ARightProvider extends CronSchedulerContract {
        @Override
        protected CronScheduler create() {
            return new FlawedProvider(Flaw.NONE);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void eachFlawIsFound(Flaw judged) {
        flaw = judged;
        try {
            assertThat(Judgement.of(Judged.class, judged.foundBy()))
                    .as(judged + " against " + judged.foundBy())
                    .isEqualTo(Judgement.FAILED);
        } finally {
            flaw = Flaw.NONE;
        }
    }
}
