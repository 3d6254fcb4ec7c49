package dev.kairos.testkit.delivery;

import static dev.kairos.testkit.delivery.RecordingChannel.busyFor;
import static dev.kairos.testkit.delivery.RecordingChannel.refusal;
import static dev.kairos.testkit.delivery.SendingNode.JOB;
import static dev.kairos.testkit.delivery.SendingNode.NINE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kairos.api.delivery.DeliveryException.Kind;
import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.run.FailureKind;
import dev.kairos.api.run.RunResult;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.orchestrator.memory.MemoryStore;
import dev.kairos.orchestrator.output.OutputFiles;
import dev.kairos.testkit.InterceptedStore;
import dev.kairos.testkit.ManualEnvironment;
import dev.kairos.testkit.StoreHook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Delivery retry from the cached output (behaviour.md §5): when, how often, to whom, and never by running the job again. */
final class DeliveryRetryTest {
    private static final Duration LAST_WAIT = Duration.ofSeconds(1_800);

    @TempDir
    private Path home;

    private final ManualEnvironment environment = new ManualEnvironment(NINE);
    private final MemoryStore store = new MemoryStore(environment);
    private final RecordingChannel chat = new RecordingChannel("chat", Duration.ZERO);

    private SendingNode node() {
        return new SendingNode(environment, store, home, chat);
    }

    @Test
    void oneEnvelopeForEachTargetIsWrittenWithTheOutcomeAndBeforeAnySend() {
        List<String> seen = new CopyOnWriteArrayList<>();
        StoreHook hook = new StoreHook() {
            @Override
            public void after(Write write) {
                seen.add(write + " "
                        + store.ledger().list(ExecutionQuery.ofJob(JOB, 1)).stream()
                                .map(row -> row.status().word())
                                .toList()
                        + store.outbox()
                                .list(Optional.empty(), Set.of(EnvelopeState.PENDING), 9)
                                .size()
                        + " sent " + chat.sends().size());
            }
        };
        new SendingNode(environment, new InterceptedStore(store, hook), home, chat)
                .job("chat:a", "chat:b", "local")
                .open()
                .runAndSend();

        assertThat(seen).contains("CLAIM [running]0 sent 0", "AMEND [ok]2 sent 0");
        assertThat(chat.addresses()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void aFailedSendIsRetriedAfter60Then300Then1800SecondsAndThenGivenUp() {
        chat.answers(
                "a",
                refusal(Kind.TRANSIENT),
                refusal(Kind.TRANSIENT),
                refusal(Kind.TRANSIENT),
                refusal(Kind.TRANSIENT));
        SendingNode node = node().job("chat:a").open().runAndSend();
        assertThat(node.envelope("chat:a").state()).isEqualTo(EnvelopeState.RETRY);
        assertThat(node.lastRun().deliveryStatus()).contains("retrying");
        int sent = 1;
        for (int wait : List.of(60, 300, 1_800)) {
            node.after(Duration.ofSeconds(wait - 1));
            assertThat(chat.sends()).hasSize(sent);
            node.after(Duration.ofSeconds(1));
            assertThat(chat.sends()).hasSize(++sent);
        }

        assertThat(node.envelope("chat:a").state()).isEqualTo(EnvelopeState.FAILED);
        assertThat(node.envelope("chat:a").attempts()).isEqualTo(4);
        node.after(Duration.ofMinutes(20));
        assertThat(chat.sends()).hasSize(4);
        assertThat(node.lastRun().deliveryStatus()).contains("failed");
        assertThat(node.lastRun().deliveryError()).contains("503 try later");
    }

    @Test
    void afterTheLastRetryTheJobSaysWhyAndItsOutcomeStands() {
        chat.answers("a", refusal(Kind.TERMINAL));
        SendingNode node = node().job("chat:a").open().runAndSend();

        assertThat(node.envelope("chat:a").state()).isEqualTo(EnvelopeState.FAILED);
        assertThat(node.lastRun().status()).contains("ok");
        assertThat(node.lastRun().deliveryStatus()).contains("failed");
        assertThat(node.lastRun().deliveryError()).contains("503 try later");
    }

    @Test
    void aRetryNeverRunsTheJobAgainAndReadsTheKeptOutput() {
        chat.answers("a", refusal(Kind.TRANSIENT));
        SendingNode node = node().job("chat:a").open().runAndSend();
        node.ends(() -> RunResult.ok("something else")).after(Duration.ofSeconds(60));

        assertThat(node.runs()).hasSize(1);
        assertThat(chat.sends()).extracting(RecordingChannel.Send::text).containsExactly("hello", "hello");
        assertThat(chat.sends())
                .extracting(RecordingChannel.Send::key)
                .containsOnly(node.row().id() + "/chat:a");
        assertThat(node.lastRun().deliveryStatus()).contains("delivered");
        assertThat(node.lastRun().deliveryError()).isEmpty();
    }

    @Test
    void aTargetThatHasTheMessageNeverGetsItAgain() {
        chat.answers("b", refusal(Kind.TRANSIENT), refusal(Kind.TRANSIENT));
        SendingNode node = node().job("chat:a", "chat:b").open().runAndSend();
        node.after(Duration.ofSeconds(60)).after(Duration.ofSeconds(300)).after(LAST_WAIT);

        assertThat(chat.addresses()).containsExactlyInAnyOrder("a", "b", "b", "b");
        assertThat(node.lastRun().deliveryStatus()).contains("delivered");
    }

    @Test
    void aLongerRetryAfterWinsUpToADay() {
        chat.answers("a", busyFor(Duration.ofSeconds(90)), busyFor(Duration.ofDays(3)));
        SendingNode node = node().job("chat:a").open().runAndSend();
        assertThat(node.envelope("chat:a").nextAttemptAt()).isEqualTo(NINE.plusSeconds(90));

        node.after(Duration.ofSeconds(90));
        assertThat(node.envelope("chat:a").nextAttemptAt())
                .isEqualTo(NINE.plusSeconds(90).plus(Duration.ofDays(1)));
    }

    @Test
    void aShorterRetryAfterShortensNothing() {
        chat.answers("a", busyFor(Duration.ofSeconds(5)), busyFor(Duration.ofSeconds(-5)));
        SendingNode node = node().job("chat:a").open().runAndSend();
        assertThat(node.envelope("chat:a").nextAttemptAt()).isEqualTo(NINE.plusSeconds(60));

        node.after(Duration.ofSeconds(60));
        assertThat(node.envelope("chat:a").nextAttemptAt()).isEqualTo(NINE.plusSeconds(360));
    }

    @Test
    void aMissingOutputGivesUpAtOnce() throws IOException {
        chat.answers("a", refusal(Kind.TRANSIENT));
        SendingNode node = node().job("chat:a").open().runAndSend();
        Files.delete(new OutputFiles(environment, home)
                .locate(node.row().output().orElseThrow())
                .orElseThrow());
        node.after(Duration.ofSeconds(60));

        assertThat(chat.sends()).hasSize(1);
        assertThat(node.envelope("chat:a").state()).isEqualTo(EnvelopeState.FAILED);
        assertThat(node.lastRun().deliveryError().orElseThrow()).contains("output is gone");
    }

    @Test
    void aFailureAlertIsSentOnce() {
        chat.answers("a", refusal(Kind.TRANSIENT));
        SendingNode node = node().ends(() -> RunResult.failed(FailureKind.TERMINAL, "no disk", ""))
                .job("chat:a")
                .open()
                .runAndSend();
        node.after(LAST_WAIT);

        assertThat(chat.sends())
                .singleElement()
                .satisfies(send -> assertThat(send.text()).contains("no disk"));
        assertThat(node.envelope("chat:a").content()).isEqualTo(Envelope.Content.ALERT);
        assertThat(node.envelope("chat:a").state()).isEqualTo(EnvelopeState.FAILED);
    }

    @Test
    void aFailureGoesToItsOwnTargetsAndTheThirdInARowSaysWhatToDo() {
        SendingNode node = node().ends(() -> RunResult.failed(FailureKind.TERMINAL, "no disk", ""))
                .job("chat:a")
                .failuresTo("chat:operators")
                .open();
        node.runAndSend();
        node.after(Duration.ofHours(1)).pass();
        assertThat(chat.sends()).noneMatch(send -> send.text().contains("in a row"));
        node.after(Duration.ofHours(1)).pass();

        assertThat(chat.addresses()).containsExactly("operators", "operators", "operators");
        assertThat(chat.sends().get(2).text())
                .contains("failed 3 times in a row", "kairos edit", "kairos pause", "kairos remove");
        node.ends(() -> RunResult.ok("well again")).after(Duration.ofHours(1)).pass();
        assertThat(chat.addresses()).endsWith("a");
    }

    @Test
    void aLaterRunTouchesNoEnvelopeAndAnOlderMessageSaysNothingOfTheLastRun() {
        chat.answers("a", refusal(Kind.TRANSIENT));
        SendingNode node =
                node().job(JOB, Duration.ofSeconds(30), "chat:a").open().runAndSend();
        Envelope waiting = node.envelope("chat:a");
        node.after(Duration.ofSeconds(30)).pass();

        assertThat(node.runs()).hasSize(2);
        assertThat(node.envelopes()).contains(waiting);
        assertThat(node.lastRun().deliveryStatus()).contains("delivered");

        chat.answers("a", refusal(Kind.TERMINAL));
        node.pause();
        node.after(Duration.ofSeconds(30));
        assertThat(node.envelopes())
                .filteredOn(one -> one.executionId().equals(waiting.executionId()))
                .extracting(Envelope::state)
                .containsExactly(EnvelopeState.FAILED);
        assertThat(node.lastRun().deliveryStatus()).contains("delivered");
    }

    @Test
    void aPauseStopsNoDelivery() {
        chat.answers("a", refusal(Kind.TRANSIENT));
        SendingNode node = node().job("chat:a").open().runAndSend();
        node.pause();
        node.after(Duration.ofSeconds(60));

        assertThat(node.envelope("chat:a").state()).isEqualTo(EnvelopeState.DELIVERED);
    }

    @Test
    void aRemovalCancelsWhatWaits() {
        chat.answers("a", refusal(Kind.TRANSIENT));
        SendingNode node = node().job("chat:a").open().runAndSend();
        node.remove();
        node.after(Duration.ofSeconds(60));

        assertThat(chat.sends()).hasSize(1);
        assertThat(node.envelope("chat:a").state()).isEqualTo(EnvelopeState.CANCELLED);
    }

    @Test
    void eachReceiptIsCommittedBeforeTheNextPartAndAConfirmedPartIsNotSentAgain() {
        List<String> kept = new CopyOnWriteArrayList<>();
        RecordingChannel.Answer first = () -> "one";
        RecordingChannel.Answer second = () -> {
            kept.addAll(store.outbox()
                    .list(Optional.empty(), Set.of(EnvelopeState.SENDING), 9)
                    .get(0)
                    .receipts());
            return refusal(Kind.TRANSIENT).give();
        };
        chat.answers("a", first, second);
        chat.partLength(3);
        SendingNode node = node().job("chat:a").open().runAndSend();
        assertThat(kept).containsExactly("one");
        node.after(Duration.ofSeconds(60));

        assertThat(chat.sends()).extracting(RecordingChannel.Send::text).containsExactly("hel", "lo", "lo");
        String id = node.row().id() + "/chat:a";
        assertThat(chat.sends()).extracting(RecordingChannel.Send::key).containsExactly(id, id + "#2", id + "#2");
        assertThat(node.envelope("chat:a").receipts()).containsExactly("one", "receipt-3");
    }

    @Test
    void envelopesAreClaimedBeforeTheDueScan() {
        List<StoreHook.Write> claims = new CopyOnWriteArrayList<>();
        StoreHook hook = new StoreHook() {
            @Override
            public void before(Write write) {
                if (write == Write.CLAIM || write == Write.CLAIM_ENVELOPES) {
                    claims.add(write);
                }
            }
        };
        new SendingNode(environment, new InterceptedStore(store, hook), home, chat)
                .open()
                .pass();

        assertThat(claims).containsExactly(StoreHook.Write.CLAIM_ENVELOPES, StoreHook.Write.CLAIM);
    }

    @Test
    void noMoreIsClaimedThanSendersAreFreeAndTheTriggersThreadNeverSends() throws InterruptedException {
        var hold = environment.newSignal();
        RecordingChannel.Answer slow = () -> {
            hold.await(Duration.ofSeconds(50));
            return "";
        };
        chat.answers("a", slow).answers("b", slow).answers("c", slow);
        SendingNode node =
                node().senders(2).job("chat:a", "chat:b", "chat:c").open().runAndSend();
        node.pass();

        assertThat(chat.sends()).hasSize(2).allMatch(send -> send.thread().equals("cron-send"));
        assertThat(node.envelopes())
                .extracting(Envelope::state)
                .containsExactlyInAnyOrder(EnvelopeState.SENDING, EnvelopeState.SENDING, EnvelopeState.PENDING);
        node.after(Duration.ofSeconds(50));
        assertThat(chat.sends()).hasSize(3);
    }

    @Test
    void aRunThatIsSilentOrOnlyLocalHasNoEnvelope() {
        SendingNode node =
                node().ends(() -> RunResult.ok("[SILENT]")).job("chat:a").open().runAndSend();

        assertThat(node.envelopes()).isEmpty();
        assertThat(node.row().status()).isEqualTo(ExecutionStatus.OK);
        assertThat(node.lastRun().deliveryStatus()).contains("suppressed");
    }

    @Test
    void aTurnIsWaitedForBeforeAnythingIsMarkedAsSending() {
        chat.turns(Duration.ofSeconds(20));
        SendingNode node = node().job("chat:a").open().runAndSend();
        assertThat(chat.sends()).isEmpty();
        assertThat(node.envelope("chat:a").state()).isEqualTo(EnvelopeState.CLAIMED);
        assertThat(node.envelope("chat:a").attempts()).isZero();
        environment.advance(Duration.ofSeconds(20));
        environment.settle();
        assertThat(node.envelope("chat:a").state()).isEqualTo(EnvelopeState.DELIVERED);
    }

    @Test
    void betweenTwoPartsTheReceiptIsCommittedAndNothingIsInDoubtWhileTheNextOneWaits() {
        chat.partLength(3);
        chat.turns(Duration.ZERO, Duration.ofSeconds(20));
        SendingNode node = node().job("chat:a").open().runAndSend();
        assertThat(node.envelope("chat:a").state()).isEqualTo(EnvelopeState.CLAIMED);
        assertThat(node.envelope("chat:a").receipts()).containsExactly("receipt-1");
        environment.advance(Duration.ofSeconds(20));
        environment.settle();
        assertThat(node.envelope("chat:a").receipts()).containsExactly("receipt-1", "receipt-2");
        assertThat(node.envelope("chat:a").attempts()).isEqualTo(1);
    }

    @Test
    void aTurnThatIsFarOffIsWaitedForInTheStoreAndUsesUpNoAttempt() {
        chat.turns(Duration.ofMinutes(10));
        SendingNode node = node().job("chat:a").open().runAndSend();
        assertThat(node.envelope("chat:a").state()).isEqualTo(EnvelopeState.PENDING);
        assertThat(node.envelope("chat:a").attempts()).isZero();
        assertThat(node.envelope("chat:a").error())
                .hasValueSatisfying(why -> assertThat(why).contains("600s"));
        node.after(Duration.ofMinutes(9)).after(Duration.ofMinutes(1));
        assertThat(node.envelope("chat:a").state()).isEqualTo(EnvelopeState.DELIVERED);
        assertThat(chat.sends()).hasSize(1);
    }
}
