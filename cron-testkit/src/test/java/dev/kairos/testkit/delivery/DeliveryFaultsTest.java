package dev.kairos.testkit.delivery;

import static dev.kairos.testkit.delivery.RecordingChannel.refusal;
import static dev.kairos.testkit.delivery.SendingNode.NINE;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.delivery.DeliveryException.Kind;
import dev.kairos.api.delivery.DeliveryMessage;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.run.RunResult;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.api.store.StoreException;
import dev.kairos.orchestrator.OutputStore;
import dev.kairos.orchestrator.memory.MemoryStore;
import dev.kairos.orchestrator.output.OutputFiles;
import dev.kairos.testkit.InterceptedStore;
import dev.kairos.testkit.ManualEnvironment;
import dev.kairos.testkit.StoreHook;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What a bad envelope, a bad channel, a dead node or an unknown fate does to a delivery, and to nothing else. */
final class DeliveryFaultsTest {
    private static final Duration MINUTE = Duration.ofSeconds(60);

    @TempDir
    private Path home;

    private final ManualEnvironment environment = new ManualEnvironment(NINE);
    private final MemoryStore store = new MemoryStore(environment);
    private final RecordingChannel chat = new RecordingChannel("chat", Duration.ZERO);
    private final RecordingChannel keyed = new RecordingChannel("keyed", Duration.ofMinutes(10));

    private SendingNode node(DeliveryChannel... more) {
        DeliveryChannel[] all = new DeliveryChannel[more.length + 2];
        all[0] = chat;
        all[1] = keyed;
        System.arraycopy(more, 0, all, 2, more.length);
        return new SendingNode(environment, store, home, all);
    }

    @Test
    void anUnknownFateWithoutAKeyIsNeverRepeated() {
        chat.answers("a", refusal(Kind.UNKNOWN_FATE));
        SendingNode node = node().job("chat:a").open().runAndSend();
        node.after(Duration.ofHours(1).minusSeconds(1));

        assertThat(chat.sends()).hasSize(1);
        assertThat(node.envelope("chat:a").state()).isEqualTo(EnvelopeState.UNKNOWN);
        assertThat(node.lastRun().deliveryStatus()).contains("unknown");
    }

    @Test
    void anUnknownFateIsRepeatedWithItsKeyOnlyWhileThePlatformRecognisesIt() {
        keyed.answers("a", refusal(Kind.UNKNOWN_FATE), refusal(Kind.TRANSIENT), refusal(Kind.TRANSIENT));
        SendingNode node = node().job("keyed:a").open().runAndSend();
        assertThat(node.envelope("keyed:a").unknownSince()).contains(NINE);
        node.after(MINUTE).after(Duration.ofSeconds(300));

        assertThat(keyed.sends()).hasSize(3);
        assertThat(keyed.sends().stream().map(RecordingChannel.Send::key).distinct())
                .hasSize(1);
        assertThat(node.envelope("keyed:a").state())
                .as("1,800 s later the key is forgotten, and the first send may have arrived")
                .isEqualTo(EnvelopeState.UNKNOWN);
    }

    @Test
    void aRetryThatComesTooLateForItsKeyIsNotMade() {
        keyed.answers("a", refusal(Kind.UNKNOWN_FATE));
        SendingNode node = node().job("keyed:a").open().runAndSend();
        node.after(Duration.ofMinutes(11));

        assertThat(keyed.sends()).hasSize(1);
        assertThat(node.envelope("keyed:a").state()).isEqualTo(EnvelopeState.UNKNOWN);
    }

    @Test
    void aRecognisedRepetitionThatIsConfirmedIsDelivered() {
        keyed.answers("a", refusal(Kind.UNKNOWN_FATE));
        SendingNode node = node().job("keyed:a").open().runAndSend();
        node.after(MINUTE);

        assertThat(node.envelope("keyed:a").state()).isEqualTo(EnvelopeState.DELIVERED);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aChannelThatThrowsHarmsNoOtherEnvelopeNorTheTick(boolean isError) {
        chat.answers("a", () -> {
            if (isError) {
                throw new StackOverflowError("the channel's own");
            }
            throw new IllegalArgumentException("the channel's own");
        });
        SendingNode node = node().job("chat:a", "chat:b").open().runAndSend();

        assertThat(node.envelope("chat:a").state()).isEqualTo(EnvelopeState.UNKNOWN);
        assertThat(node.envelope("chat:b").state()).isEqualTo(EnvelopeState.DELIVERED);
        node.after(Duration.ofHours(1)).pass();
        assertThat(node.runs()).hasSize(2);
    }

    @Test
    void aChannelThatThrowsWhateverItIsAskedHarmsNoOtherEnvelope() {
        DeliveryChannel broken = new DeliveryChannel() {
            @Override
            public String platform() {
                return "broken";
            }

            @Override
            public void checkAddress(String address) {
                // every address will do
            }

            @Override
            public List<String> parts(String text) {
                throw new NoSuchMethodError("built for another version");
            }

            @Override
            public Duration recognisesRepetitionFor() {
                throw new NoSuchMethodError("built for another version");
            }

            @Override
            public String send(DeliveryMessage message) {
                throw new NoSuchMethodError("built for another version");
            }
        };
        SendingNode node = node(broken).job("broken:a", "chat:b").open().runAndSend();
        assertThat(node.envelope("chat:b").state()).isEqualTo(EnvelopeState.DELIVERED);
        node.after(MINUTE).after(Duration.ofSeconds(300)).after(Duration.ofSeconds(1_800));

        assertThat(node.envelope("broken:a").state()).isEqualTo(EnvelopeState.FAILED);
        assertThat(node.envelope("broken:a").attempts()).isEqualTo(4);
    }

    @Test
    void aMessageForAPlatformThatThisNodeLacksWaitsAndHarmsNoOther() {
        SendingNode node = node().job("pigeon:a", "chat:b").open().runAndSend();
        node.after(MINUTE);

        assertThat(node.envelope("pigeon:a").state()).isEqualTo(EnvelopeState.PENDING);
        assertThat(node.envelope("pigeon:a").fence()).isZero();
        assertThat(node.envelope("chat:b").state()).isEqualTo(EnvelopeState.DELIVERED);
        assertThat(node.lastRun().deliveryStatus()).contains("retrying");
        assertThat(node.orchestrator().nextWakeAt()).contains(SendingNode.NINE.plus(Duration.ofHours(1)));
        assertThat(node.orchestrator().waitingDueAt()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anOutputThatCannotBeReadIsTriedAgainAndSpinsNothing(boolean isChecked) {
        AtomicBoolean isBroken = new AtomicBoolean(true);
        OutputFiles files = new OutputFiles(environment, home);
        OutputStore outputs = new OutputStore() {
            @Override
            public Saved save(Job job, Execution execution, RunResult result) throws IOException {
                return new Saved(files.save(job, execution, result), Optional.empty());
            }

            @Override
            public Optional<String> message(Execution row) throws IOException {
                if (isBroken.get() && isChecked) {
                    throw new IOException("Input/output error");
                }
                if (isBroken.get()) {
                    throw new IllegalStateException("a fault of our own");
                }
                return files.readMessage(row.output().orElseThrow());
            }
        };
        SendingNode node = node().outputs(outputs).job("chat:a").open().runAndSend();
        node.pass().pass();

        assertThat(node.envelope("chat:a").state()).isEqualTo(EnvelopeState.RETRY);
        assertThat(node.envelope("chat:a").attempts()).isEqualTo(1);
        isBroken.set(false);
        node.after(MINUTE);
        assertThat(node.envelope("chat:a").state()).isEqualTo(EnvelopeState.DELIVERED);
    }

    /** Refuses to keep anything while told so. */
    private OutputStore fullDisk(AtomicBoolean isFull) {
        OutputFiles files = new OutputFiles(environment, home);
        return new OutputStore() {
            @Override
            public Saved save(Job job, Execution execution, RunResult result) throws IOException {
                if (isFull.get()) {
                    throw new IOException("No space left on device");
                }
                return new Saved(files.save(job, execution, result), Optional.empty());
            }

            @Override
            public Optional<String> message(Execution row) throws IOException {
                return files.readMessage(row.output().orElseThrow());
            }
        };
    }

    @Test
    void aMessageWaitsForRoomOnTheDisk() {
        AtomicBoolean isFull = new AtomicBoolean(true);
        SendingNode node = node().outputs(fullDisk(isFull)).job("chat:a").open().runAndSend();
        node.after(Duration.ofSeconds(60));
        assertThat(store.ledger().list(ExecutionQuery.newest(9)))
                .extracting(Execution::status)
                .containsExactly(ExecutionStatus.RUNNING);
        isFull.set(false);
        node.after(Duration.ofSeconds(10));

        assertThat(node.envelope("chat:a").state()).isEqualTo(EnvelopeState.DELIVERED);
        assertThat(chat.sends())
                .singleElement()
                .satisfies(sent -> assertThat(sent.text()).contains("hello"));
    }

    @Test
    void aRunWhoseWordsAreLostInTheEndHasFailedAndSomebodyIsTold() {
        SendingNode node = node().outputs(fullDisk(new AtomicBoolean(true)))
                .job("chat:a")
                .open()
                .runAndSend();
        node.after(Duration.ofMinutes(3));

        assertThat(store.ledger().list(ExecutionQuery.newest(9)))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.status()).isEqualTo(ExecutionStatus.ERROR);
                    assertThat(row.error().orElseThrow())
                            .contains("could not be kept (No space left on device)", "cron/output");
                });
        assertThat(chat.sends())
                .singleElement()
                .satisfies(sent -> assertThat(sent.text()).contains("could not be kept"));
    }

    @Test
    void whoStopsWhileTheStoreRefusesStopsInTimeAndNamesWhatItCouldNotRecord() {
        AtomicBoolean isSilent = new AtomicBoolean();
        StoreHook hook = new StoreHook() {
            @Override
            public void before(Write write) {
                if (isSilent.get()) {
                    throw new StoreException(StoreException.Kind.TRANSIENT, "database is locked", null);
                }
            }
        };
        SendingNode node = new SendingNode(environment, new InterceptedStore(store, hook), home, chat)
                .ends(() -> {
                    isSilent.set(true);
                    return RunResult.ok("hello");
                })
                .job("chat:a")
                .open()
                .pass();

        assertThat(node.closedAfter(Duration.ofSeconds(30), Duration.ofSeconds(15)))
                .isLessThan(Duration.ofSeconds(60));

        assertThat(node.unrecorded()).hasSize(1);
        assertThat(node.events()).anyMatch(event -> event.name().equals("cron.run-unrecorded"));
    }

    @Test
    void anOutboxThatCannotBeClaimedFromKeepsNoJobFromRunning() {
        StoreHook hook = new StoreHook() {
            @Override
            public void before(Write write) {
                if (write == Write.CLAIM_ENVELOPES) {
                    throw new StoreException(StoreException.Kind.UNUSABLE, "a row of it cannot be read", null);
                }
            }
        };
        SendingNode node = new SendingNode(environment, new InterceptedStore(store, hook), home, chat)
                .job("chat:a")
                .open()
                .runAndSend();

        assertThat(node.runs()).hasSize(1);
    }

    @Test
    void aSendThatTakesTooLongIsInterruptedAndItsFateUnknown() {
        chat.answers("a", () -> {
            environment.sleep(Duration.ofHours(2));
            return "";
        });
        SendingNode node = node().job("chat:a").open().runAndSend();
        node.after(Duration.ofMinutes(2));

        assertThat(node.envelope("chat:a").state()).isEqualTo(EnvelopeState.UNKNOWN);
    }

    @Test
    void aChannelThatIgnoresInterruptionIsGivenUpAndItsSenderFreed() {
        chat.answers("a", () -> {
            Duration end = environment.uptime().plus(Duration.ofMinutes(20));
            while (environment.uptime().compareTo(end) < 0) {
                try {
                    environment.sleep(end.minus(environment.uptime()));
                } catch (InterruptedException e) {
                    // this is what it is for
                }
            }
            return "late";
        });
        SendingNode node = node().senders(1).job("chat:a", "chat:b").open().runAndSend();
        assertThat(chat.sends()).hasSize(1);
        node.after(Duration.ofSeconds(160)).pass();

        assertThat(node.envelope("chat:a").state()).isEqualTo(EnvelopeState.UNKNOWN);
        assertThat(node.envelope("chat:b").state()).isEqualTo(EnvelopeState.DELIVERED);
        assertThat(node.events()).anyMatch(event -> event.name().equals("cron.send-given-up"));
        node.after(Duration.ofMinutes(20));
        assertThat(node.envelope("chat:a").state())
                .as("its late answer is stale")
                .isEqualTo(EnvelopeState.UNKNOWN);
    }

    @Test
    void aStoreThatIsSilentForLongCostsNoReceipt() {
        AtomicBoolean isSilent = new AtomicBoolean();
        chat.answers("a", () -> {
            isSilent.set(true);
            return "receipt";
        });
        StoreHook hook = new StoreHook() {
            @Override
            public void before(Write write) {
                if (isSilent.get() && write != Write.RENEW) {
                    throw new StoreException(StoreException.Kind.TRANSIENT, "database is locked", null);
                }
            }
        };
        SendingNode node = new SendingNode(environment, new InterceptedStore(store, hook), home, chat)
                .job("chat:a")
                .open()
                .runAndSend();
        environment.advance(Duration.ofMinutes(10));
        assertThat(node.envelope("chat:a").state()).isEqualTo(EnvelopeState.SENDING);
        isSilent.set(false);
        environment.advance(Duration.ofSeconds(1));

        assertThat(node.envelope("chat:a").state()).isEqualTo(EnvelopeState.DELIVERED);
        assertThat(node.envelope("chat:a").receipts()).containsExactly("receipt");
        assertThat(chat.sends()).hasSize(1);
    }

    @Test
    void aRestartBetweenAttemptsGoesOnWithTheSchedule() {
        chat.answers("a", refusal(Kind.TRANSIENT), refusal(Kind.TRANSIENT));
        SendingNode first = node().job("chat:a").open().runAndSend();
        first.orchestrator().close(Duration.ZERO, Duration.ZERO);
        SendingNode second = node().open();
        second.after(Duration.ofSeconds(59));
        assertThat(chat.sends()).hasSize(1);
        second.after(Duration.ofSeconds(1));
        assertThat(chat.sends()).hasSize(2);
        second.after(Duration.ofSeconds(300));

        assertThat(second.envelope("chat:a").state()).isEqualTo(EnvelopeState.DELIVERED);
        assertThat(second.runs()).isEmpty();
    }

    @Test
    void whatADeadNodeClaimedIsPendingAgainAndSentByAnother() {
        AtomicBoolean isDying = new AtomicBoolean();
        SendingNode first =
                dyingAt(StoreHook.Write.PUT_ENVELOPE, isDying).job("chat:a").open();
        first.pass();
        isDying.set(true);
        first.pass();
        assertThat(first.envelope("chat:a").state()).isEqualTo(EnvelopeState.CLAIMED);
        SendingNode second = new SendingNode(environment.anotherNode(2), store, home, chat).open();
        environment.advance(Duration.ofSeconds(14));
        second.pass();

        assertThat(chat.sends()).hasSize(1);
        assertThat(second.envelope("chat:a").state()).isEqualTo(EnvelopeState.DELIVERED);
        assertThat(second.envelope("chat:a").attempts()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat:a", "keyed:a"})
    void whatADeadNodeWasSendingFollowsTheUnknownFateRule(String target) {
        AtomicBoolean isDying = new AtomicBoolean();
        AtomicReference<SendingNode> dead = new AtomicReference<>();
        RecordingChannel.Answer dying = () -> {
            isDying.set(true);
            return "never recorded";
        };
        chat.answers("a", dying);
        keyed.answers("a", dying);
        dead.set(dyingAt(StoreHook.Write.PUT_ENVELOPE, isDying)
                .job(target)
                .open()
                .runAndSend());
        assertThat(dead.get().envelope(target).state()).isEqualTo(EnvelopeState.SENDING);
        SendingNode second = new SendingNode(environment.anotherNode(2), store, home, chat, keyed).open();
        assertThat(second.armed()).as("what a provider arms").contains(Job.WAKE_ID);
        environment.advance(Duration.ofSeconds(14));
        second.after(MINUTE);

        boolean hasKey = target.startsWith("keyed");
        assertThat(chat.sends().size() + keyed.sends().size()).isEqualTo(hasKey ? 2 : 1);
        assertThat(second.envelope(target).state()).isEqualTo(hasKey ? EnvelopeState.DELIVERED : EnvelopeState.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat:a", "keyed:a"})
    void whatADeadNodeWasSendingIsNotGivenUpByOneThatLacksItsChannel(String target) {
        AtomicBoolean isDying = new AtomicBoolean();
        RecordingChannel.Answer dying = () -> {
            isDying.set(true);
            return "never recorded";
        };
        chat.answers("a", dying);
        keyed.answers("a", dying);
        dyingAt(StoreHook.Write.PUT_ENVELOPE, isDying).job(target).open().runAndSend();
        SendingNode without = new SendingNode(environment.anotherNode(2), store, home).open();
        environment.advance(Duration.ofSeconds(14));
        without.after(MINUTE);
        assertThat(without.envelope(target).state()).isEqualTo(EnvelopeState.RETRY);
        SendingNode able = new SendingNode(environment.anotherNode(3), store, home, chat, keyed).open();
        able.pass();

        boolean hasKey = target.startsWith("keyed");
        assertThat(chat.sends().size() + keyed.sends().size()).isEqualTo(hasKey ? 2 : 1);
        assertThat(able.envelope(target).state()).isEqualTo(hasKey ? EnvelopeState.DELIVERED : EnvelopeState.UNKNOWN);
    }

    @Test
    void aMessageIsDeliveredByTheNodeThatHasItsChannelWhoeverRanTheJob() {
        SendingNode without =
                new SendingNode(environment, store, home).job("chat:a").open().runAndSend();
        assertThat(without.runs()).hasSize(1);
        SendingNode able = new SendingNode(environment.anotherNode(2), store, home, chat).open();
        able.pass();

        assertThat(able.runs()).isEmpty();
        assertThat(chat.sends()).hasSize(1);
        assertThat(able.envelope("chat:a").state()).isEqualTo(EnvelopeState.DELIVERED);
    }

    @Test
    void aDeadNodeWhoseClockWasAheadMakesNothingRepeatable() {
        AtomicBoolean isDying = new AtomicBoolean();
        chat.answers("a", () -> {
            isDying.set(true);
            return "never recorded";
        });
        environment.stepWallClock(MINUTE.multipliedBy(10));
        dyingAt(StoreHook.Write.PUT_ENVELOPE, isDying).job("chat:a").open().runAndSend();
        environment.stepWallClock(MINUTE.multipliedBy(-10));

        SendingNode second = new SendingNode(environment.anotherNode(2), store, home, chat).open();
        environment.advance(Duration.ofSeconds(14));
        second.after(MINUTE.multipliedBy(2));

        assertThat(chat.sends()).hasSize(1);
        assertThat(second.envelope("chat:a").state()).isEqualTo(EnvelopeState.UNKNOWN);
    }

    @Test
    void aSilentStoreIsSaidOnceAMinuteHoweverManySendsWaitForIt() {
        AtomicBoolean isSilent = new AtomicBoolean();
        StoreHook hook = new StoreHook() {
            @Override
            public void before(Write write) {
                if (isSilent.get() && write == Write.PUT_ENVELOPE) {
                    throw new StoreException(StoreException.Kind.TRANSIENT, "no answer", null);
                }
            }
        };
        SendingNode node = new SendingNode(environment, new InterceptedStore(store, hook), home, chat)
                .job("chat:a", "chat:b", "chat:c")
                .open();
        Logger logger = (Logger) LoggerFactory.getLogger("cron.delivery");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        logger.setAdditive(false);
        logger.setLevel(Level.INFO);
        try {
            node.pass();
            isSilent.set(true);
            node.pass();
            environment.advance(Duration.ofSeconds(90));
            assertThat(messages(log, Level.WARN)).hasSize(2).allMatch(text -> text.startsWith("cron.delivery-waits"));
            isSilent.set(false);
            environment.advance(Duration.ofSeconds(1));
            assertThat(messages(log, Level.INFO)).singleElement().asString().startsWith("cron.delivery works again");
        } finally {
            logger.detachAppender(log);
            logger.setAdditive(true);
            logger.setLevel(null);
        }
        assertThat(node.envelopes()).hasSize(3).allMatch(one -> one.state() == EnvelopeState.DELIVERED);
    }

    private static List<String> messages(ListAppender<ILoggingEvent> log, Level level) {
        return List.copyOf(log.list).stream()
                .filter(event -> event.getLevel() == level)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    /** A node whose store answers nothing more, its lease included, once it is dying. */
    private SendingNode dyingAt(StoreHook.Write from, AtomicBoolean isDying) {
        StoreHook hook = new StoreHook() {
            @Override
            public void before(Write write) {
                if (isDying.get() && (write == from || write == Write.RENEW || write == Write.JOIN)) {
                    throw new StoreException(StoreException.Kind.TRANSIENT, "gone", null);
                }
            }
        };
        return new SendingNode(environment, new InterceptedStore(store, hook), home, chat, keyed);
    }
}
