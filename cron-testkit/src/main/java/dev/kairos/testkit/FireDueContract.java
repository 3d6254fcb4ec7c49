package dev.kairos.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.FireResult;
import dev.kairos.api.env.Task;
import dev.kairos.api.ledger.ExecutionStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a trigger from outside is told. */
abstract class FireDueContract extends FiringContract {
    @Test
    final void aTriggerFromOutsideIsTrueOnceAndOnlyForWhatIsDue() throws InterruptedException {
        host().arm("outside", environment().now());
        host().arm("tomorrow", environment().now().plus(Duration.ofDays(1)));
        assertThat(provider().fireDue("outside")).as("due, claimed, ran").isTrue();
        assertThat(provider().fireDue("outside")).as("claimed already").isFalse();
        assertThat(provider().fireDue("tomorrow")).as("not due").isFalse();
        assertThat(provider().fireDue("nobody")).as("no such job").isFalse();
        assertThat(host().calls().stream().flatMap(call -> call.fired().stream()))
                .containsExactly("outside");
    }

    @Test
    final void ofManyTriggersFromOutsideForOneOccurrenceOneIsTrue() throws InterruptedException {
        host().arm("outside", environment().now());
        AtomicInteger won = new AtomicInteger();
        List<Task> callers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            callers.add(environment().start("outside-" + i, () -> countIfFired(won)));
        }
        for (Task caller : callers) {
            assertThat(caller.join(armBound())).as("fireDue returned").isTrue();
        }
        assertThat(won).hasValue(1);
    }

    private void countIfFired(AtomicInteger won) {
        try {
            if (provider().fireDue("outside")) {
                won.incrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    final void aTriggerFromOutsideWhoseRunNeverBeganIsFalse() throws InterruptedException {
        host().arm("outside", environment().now());
        host().refuseStarts();
        assertThat(provider().fireDue("outside")).isFalse();
    }

    @Test
    final void aTriggerFromOutsideIsFalseWhereTheJobLacksItsConfigurationOrTheClaimIsGivenBack()
            throws InterruptedException {
        for (ExecutionStatus status : List.of(ExecutionStatus.BLOCKED_CONFIG, ExecutionStatus.RUNNING)) {
            host().arm("outside", environment().now());
            host().endRunsAs(status);
            assertThat(provider().fireDue("outside")).as(status.word()).isFalse();
        }
        host().arm("outside", environment().now());
        host().endRunsAs(ExecutionStatus.ERROR);
        assertThat(provider().fireDue("outside")).as("it ran, and failed").isTrue();
    }

    @Test
    final void aTriggerFromOutsideThatTheHostCouldNotTakeIsNeverTrueAndMayBeRepeated() throws InterruptedException {
        host().arm("outside", environment().now());
        host().refuseNext(FireResult.Reason.BUSY);
        assertThat(provider().fireDue("outside")).as("busy").isFalse();
        host().failNext(() -> new IllegalStateException("the store is away"));
        boolean fired = false;
        try {
            fired = provider().fireDue("outside");
        } catch (IllegalStateException told) {
            // the caller outside is told
        }
        assertThat(fired).as("the store is away").isFalse();
        assertThat(provider().fireDue("outside")).as("repeated").isTrue();
    }

    @Test
    final void aTriggerFromOutsideThatIsInterruptedEndsPromptlyAndIsNotTrue() throws InterruptedException {
        host().arm("outside", environment().now());
        host().leaveRunsOpen();
        AtomicReference<@Nullable Boolean> answer = new AtomicReference<>();
        Task caller = environment().start("outside", () -> {
            try {
                answer.set(provider().fireDue("outside"));
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
        host().awaitCall(call -> call.fired().contains("outside"), quick());
        caller.interrupt();
        assertThat(caller.join(quick())).as("fireDue returned").isTrue();
        assertThat(answer.get()).isNotEqualTo(Boolean.TRUE);
    }
}
