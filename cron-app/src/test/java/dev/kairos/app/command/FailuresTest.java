package dev.kairos.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.store.StoreException;
import dev.kairos.api.store.StoreException.Kind;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FailuresTest {
    private static CommandFailure told(Kind kind, String message) {
        return Failures.inPlainWords(new StoreException(kind, message, null), Optional.empty());
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"TRANSIENT", "FULL", "UNUSABLE", "OUTDATED"})
    void aStoreThatSaysWhatToDoIsTakenAtItsWord(Kind kind) {
        CommandFailure told = told(kind, "Another upgrades it. What to do: wait, then start this again");

        assertThat(told).hasMessage("Another upgrades it");
        assertThat(told.advice()).isEqualTo("wait, then start this again");
        assertThat(told.exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void aPassingFailureThatSaysNothingMoreIsTriedAgain() {
        CommandFailure told = told(Kind.TRANSIENT, "The store is held: try again.");

        assertThat(told).hasMessage("The store is held: try again.");
        assertThat(told.advice()).startsWith("try again in a moment");
    }
}
