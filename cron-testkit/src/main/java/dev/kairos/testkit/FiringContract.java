package dev.kairos.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.FireResult;
import dev.kairos.api.JobChanges;
import dev.kairos.api.job.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** When a provider pulls the trigger, whatever becomes of its host's calls. */
abstract class FiringContract extends ArmingContract {
    /** Long enough for a second trigger of one that fires twice. */
    private static final Duration A_WHILE = Duration.ofMillis(500);

    private void startArmed() throws InterruptedException {
        run().start();
        run().awaitArmed(armBound());
    }

    @Test
    final void whatIsDueBeforeTheStartIsAskedForSoonAfterIt() throws InterruptedException {
        host().arm("early", environment().now());
        run().start();
        assertComes("early");
    }

    @Test
    final void aTriggerComesAtItsInstantAndNotBefore() throws InterruptedException {
        Instant dueAt = environment().now().plusMillis(700);
        host().arm("timely", dueAt);
        host().arm("later", dueAt.plus(Duration.ofHours(1)));
        run().start();
        assertComes("timely");
        assertThat(host().calls())
                .as("a trigger an hour before its instant")
                .noneMatch(call -> call.jobId().filter("later"::equals).isPresent());
    }

    @Test
    final void whatWasClaimedIsNotAskedForAgain() throws InterruptedException {
        startArmed();
        assertATriggerComes("once");
        assertThat(host().awaitCall(
                                call -> call.jobId().filter("once"::equals).isPresent()
                                        && call.fired().isEmpty(),
                                A_WHILE))
                .as("a second fire of one occurrence")
                .isEmpty();
    }

    @Test
    final void aChangeIsNoticedWhileItWaits() throws InterruptedException {
        startArmed();
        assertATriggerComes("changed");
    }

    @Test
    final void anUnknownChangeIsNoticedToo() throws InterruptedException {
        startArmed();
        host().arm("unsaid", environment().now().plusMillis(100));
        provider().onJobsChanged(JobChanges.unknown());
        assertComes("unsaid");
    }

    /** Retries, queued runs and recovery wait under the reserved id. */
    @Test
    final void whatElseWaitsIsWokenForLikeAnyJob() throws InterruptedException {
        startArmed();
        assertATriggerComes(Job.WAKE_ID);
    }

    @Test
    final void aJobThatMovesToASoonerInstantComesThen() throws InterruptedException {
        host().arm("sooner", environment().now().plus(Duration.ofHours(1)));
        host().arm("first", environment().now());
        startArmed();
        assertComes("first");
        assertATriggerComes("sooner");
    }

    /** Another process may have moved it, and the word of that is still on its way. */
    @Test
    final void aTriggerIsNeverSpentOnNothing() throws InterruptedException {
        if (!wakesForItself()) {
            return; // who pulls from outside is answered, and asks again as he likes
        }
        host().postponeNext(Duration.ofMillis(600));
        startArmed();
        assertATriggerComes("moved");
    }

    @Test
    final void aHostThatRefusesForNowIsAskedAgain() throws InterruptedException {
        if (!wakesForItself()) {
            return; // who pulls from outside is answered, and asks again as he likes
        }
        host().refuseNext(FireResult.Reason.BUSY);
        host().refuseNext(FireResult.Reason.STORE_UNAVAILABLE);
        startArmed();
        assertATriggerComes("patient");
    }

    @Test
    final void aJobThatGoesWhileItIsDueHarmsNoOther() throws InterruptedException {
        startArmed();
        host().arm("gone", environment().now().plusMillis(100));
        provider().onJobsChanged(JobChanges.of(Set.of("gone")));
        host().disarm("gone");
        assertATriggerComes("other");
    }

    @Test
    final void aHostThatThrowsDoesNotEndIt() throws InterruptedException {
        host().failNext(() -> new IllegalStateException("the store is away"));
        startArmed();
        if (!wakesForItself()) {
            host().arm("lost", environment().now());
            provider().onJobsChanged(JobChanges.of(Set.of("lost")));
            awaitUntil("the trouble came", () -> {
                try {
                    provider().fireDue("lost");
                } catch (IllegalStateException passedThrough) {
                    // the caller outside is told
                }
                return host().troublesLeft() == 0;
            });
        }
        assertATriggerComes("after-trouble");
    }

    @Test
    final void aHostThatCannotSayWhatIsDueForAMomentDoesNotEndIt() throws InterruptedException {
        startArmed();
        host().failNextLook(() -> new IllegalStateException("the store is away"));
        try {
            provider().onJobsChanged(JobChanges.unknown());
        } catch (RuntimeException contained) {
            // by the host
        }
        assertATriggerComes("after-blindness");
    }

    /** The host tells of changes one after another: who waits there for a claim holds up everybody's. */
    @Test
    final void aChangeIsTakenWithoutWaitingForTheHostsOwnCalls() throws InterruptedException {
        startArmed();
        host().hang();
        host().arm("slow", environment().now());
        List<String> told = List.of("slow", "next");
        for (String jobId : told) {
            within(quick(), "onJobsChanged", () -> {
                provider().onJobsChanged(JobChanges.of(Set.of(jobId)));
                return Map.of();
            });
        }
        host().release();
        assertATriggerComes("after-the-wait");
    }

    @Test
    final void slowClaimsDelayButLoseNothing() throws InterruptedException {
        host().takeEach(Duration.ofMillis(250));
        Instant now = environment().now();
        for (int i = 0; i < 4; i++) {
            host().arm("slow-" + i, now);
        }
        startArmed();
        for (int i = 0; i < 4; i++) {
            assertComes("slow-" + i);
        }
    }
}
