package dev.kairos.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.CronScheduler;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That the contract passes a provider that only arms in a registry, and finds what can be wrong with one. */
class ReconcileContractTest {
    /** What is judged next; the tests of this class run one after another. */
    private static FlawedRegistrar.Flaw flaw = FlawedRegistrar.Flaw.NONE;

    abstract static class Registrar extends CronSchedulerContract {
        private final StandInRegistry registry = new StandInRegistry();

        @Override
        protected CronScheduler create() {
            return new FlawedRegistrar(flaw, registry);
        }

        @Override
        protected boolean wakesForItself() {
            return false;
        }

        @Override
        protected Optional<OutsideRegistry> outside() {
            return Optional.of(registry);
        }
    }

    /** Run by the launcher alone, with a flaw. */
    static final class Judged extends Registrar {
        @Override
        protected Duration slack() {
            return Duration.ofMillis(300);
        }

        @Override
        Duration quick() {
            return Duration.ofMillis(400);
        }
    }

    @Nested
    class ARightRegistrar extends Registrar {}

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void eachFlawIsFound(FlawedRegistrar.Flaw judged) {
        flaw = judged;
        try {
            assertThat(Judgement.of(Judged.class, judged.foundBy()))
                    .as(judged + " against " + judged.foundBy())
                    .isEqualTo(Judgement.FAILED);
        } finally {
            flaw = FlawedRegistrar.Flaw.NONE;
        }
    }
}
