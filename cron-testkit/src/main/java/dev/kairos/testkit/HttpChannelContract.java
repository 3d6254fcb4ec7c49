package dev.kairos.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kairos.api.delivery.Attachment;
import dev.kairos.api.delivery.ChannelContext;
import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.delivery.DeliveryException;
import dev.kairos.api.delivery.DeliveryException.Kind;
import dev.kairos.api.delivery.DeliveryMessage;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.env.Environment;
import dev.kairos.api.env.Task;
import dev.kairos.testkit.StandInPlatform.Reply;
import dev.kairos.testkit.StandInPlatform.Request;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every channel over HTTP must keep on the wire, whatever the platform or the network does. The channel's test says
 * how it is configured for a stand-in, and what the platform's documented answers are.
 *
 * <p>Status: experimental since 0.1.
 */
public abstract class HttpChannelContract extends DeliveryChannelContract {
    /** The bound that the channel is given for one request. */
    protected static final Duration TIMEOUT = Duration.ofSeconds(2);

    private static final Duration SLACK = Duration.ofSeconds(8);
    private static final String TEXT = "The backup is **done**.";
    private static final String KEY = "3f9a1c2b4d5e6f70/target:address";

    private StandInPlatform platform;
    private DeliveryChannel channel;

    /** A channel as its factory makes it. */
    protected abstract DeliveryChannel open(ChannelContext context);

    /** The word before the colon. */
    protected abstract String name();

    /** Its settings below {@code delivery.<platform>} for a platform at the address. */
    protected abstract Map<String, String> settings(String url);

    /** What must never be seen: tokens in the settings. */
    protected abstract List<String> secrets();

    /** The platform's documented answer to a message it took. */
    protected abstract Reply confirmation();

    /** What of it is the receipt. */
    protected abstract String receipt();

    /** The platform's documented answer when it is asked too often for seven seconds, with a wait. */
    protected Reply tooOften() {
        return Reply.of(429, "{}", "Retry-After: 7");
    }

    /** Its documented answer to a token it does not know. */
    protected Reply unauthorised() {
        return Reply.of(401, "{}");
    }

    /** Its documented answer to an address it does not know. */
    protected Reply unknownAddress() {
        return Reply.of(404, "{}");
    }

    /** Whether any answer with a good status confirms, whatever its body. */
    protected boolean isAnyYesAConfirmation() {
        return false;
    }

    /** Its documented answers to what is asked before a file is sent, in order. */
    protected List<Reply> filePreparations() {
        return List.of();
    }

    /** Its documented answer to a file that it took. */
    protected Reply fileConfirmation() {
        return confirmation();
    }

    /** What of it is the receipt. */
    protected String fileReceipt() {
        return receipt();
    }

    @BeforeEach
    final void listen() {
        Environment environment = environment();
        platform = new StandInPlatform(environment);
        Map<String, String> values = new LinkedHashMap<>(settings(platform.url()));
        values.put("timeout", TIMEOUT.toSeconds() + "s");
        channel = open(context(environment, settings(name(), values)));
    }

    @AfterEach
    final void hangUp() {
        platform.close();
    }

    /** What a channel has of a host. */
    protected static ChannelContext context(Environment environment, MapSettings settings) {
        return new ChannelContext() {
            @Override
            public MapSettings settings() {
                return settings;
            }

            @Override
            public Environment environment() {
                return environment;
            }
        };
    }

    @Override
    protected final DeliveryChannel channel() {
        return channel;
    }

    /** The stand-in. */
    protected final StandInPlatform platform() {
        return platform;
    }

    /** An address for a message: the first that the channel takes. */
    protected String address() {
        return addresses().get(0);
    }

    /** Sends to the address what the stand-in confirms, and answers with the request that came. */
    protected final Request sent(String address, String text) throws Exception {
        int before = platform.requests().size();
        platform.then(confirmation());
        assertThat(channel.send(message(address, channel.parts(text).get(0)))).isEqualTo(receipt());
        assertThat(platform.requests()).hasSize(before + 1);
        return platform.requests().get(before);
    }

    private static DeliveryMessage message(String address, String text) {
        return new DeliveryMessage(address, text, KEY, "Backup \u2713\r\nX-Evil: 1");
    }

    private DeliveryException refused(Reply reply) {
        platform.then(reply);
        return refused();
    }

    private DeliveryException refused() {
        String part = channel.parts(TEXT).get(0);
        var refusal = catchThrowableOfType(DeliveryException.class, () -> channel.send(message(address(), part)));
        assertThat(refusal).as("the channel's word on it").isNotNull();
        assertThat(refusal.getMessage()).isNotBlank();
        StringWriter told = new StringWriter();
        refusal.printStackTrace(new PrintWriter(told));
        secrets().forEach(secret -> assertThat(told.toString()).doesNotContain(secret));
        return refusal;
    }

    @Test
    final void aMessageIsConfirmedWithThePlatformsOwnNameForIt() throws Exception {
        Request request = sent(address(), TEXT);
        assertThat(request.headers()).doesNotContainKey("x-evil");
    }

    @Test
    final void eachPartOfALongMessageIsOneRequest() throws Exception {
        List<String> parts = channel.parts("first words\n\n" + "word ".repeat(limit() > 100_000 ? 10 : 2 * limit()));
        String address = address();
        for (String part : parts.subList(0, Math.min(2, parts.size()))) {
            platform.then(confirmation());
            assertThat(channel.send(message(address, part))).isEqualTo(receipt());
        }
        assertThat(platform.requests()).hasSize(Math.min(2, parts.size()));
    }

    @Test
    final void aMessageItCannotReadIsRefusedForGood() {
        assertThat(refused(Reply.of(400, "{}")).kind()).isEqualTo(Kind.TERMINAL);
        assertThat(refused(Reply.of(422, "not even JSON")).kind()).isEqualTo(Kind.TERMINAL);
    }

    @Test
    final void aBadTokenIsRefusedForGoodAndSaysWhatToMend() {
        for (Reply reply : List.of(unauthorised(), Reply.of(401, ""), Reply.of(403, ""))) {
            DeliveryException refusal = refused(reply);
            assertThat(refusal.kind()).isEqualTo(Kind.TERMINAL);
            assertThat(refusal.getMessage()).contains("; ");
        }
    }

    @Test
    final void anUnknownAddressIsRefusedForGood() {
        for (Reply reply : List.of(unknownAddress(), Reply.of(404, ""))) {
            assertThat(refused(reply).kind()).isEqualTo(Kind.TERMINAL);
        }
    }

    @Test
    final void aPlatformThatAsksForPatienceIsGivenIt() {
        DeliveryException refusal = refused(tooOften());
        assertThat(refusal.kind()).isEqualTo(Kind.TRANSIENT);
        assertThat(refusal.retryAfter())
                .hasValueSatisfying(wait -> assertThat(wait)
                        .isGreaterThanOrEqualTo(Duration.ofSeconds(7))
                        .isLessThan(Duration.ofMinutes(15)));
    }

    @Test
    final void aPlatformThatAsksForPatienceOfUnknownLengthIsTriedLater() {
        assertThat(refused(Reply.of(429, "")).kind()).isEqualTo(Kind.TRANSIENT);
    }

    @Test
    final void afterALongWishForPatienceNoTurnIsGivenBefore() {
        refused(Reply.of(429, "", "Retry-After: 300"));
        assertThat(channel.turn(address())).isGreaterThan(Duration.ofSeconds(200));
    }

    @Test
    final void aPlatformInTroubleIsTriedLater() {
        for (int status : List.of(500, 502, 503, 504)) {
            assertThat(refused(Reply.of(status, "<html>oops</html>")).kind()).isEqualTo(Kind.TRANSIENT);
        }
        assertThat(refused(Reply.of(503, "", "Retry-After: 9")).retryAfter()).contains(Duration.ofSeconds(9));
    }

    @Test
    final void aPlatformThatNeverAnswersMayHaveTakenIt() {
        Environment environment = environment();
        Duration begun = environment.uptime();
        assertThat(refused(platform.hang()).kind()).isEqualTo(Kind.UNKNOWN_FATE);
        assertThat(environment.uptime().minus(begun)).isLessThan(TIMEOUT.plus(SLACK));
    }

    @Test
    final void aConnectionThatIsCutMayHaveCarriedIt() {
        assertThat(refused(Reply.cut()).kind()).isEqualTo(Kind.UNKNOWN_FATE);
        assertThat(platform.requests()).as("never asked twice").hasSize(1);
    }

    /** Behind a yes the message may be there; behind trouble it is as if nothing had been said. */
    @Test
    final void anAnswerThatBreaksOffMayHaveConfirmedIt() throws Exception {
        platform.then(Reply.brokenOff(200, "{\"ok\":tr"));
        if (isAnyYesAConfirmation()) {
            try {
                channel.send(message(address(), TEXT));
            } catch (DeliveryException unsure) {
                assertThat(unsure.kind()).isEqualTo(Kind.UNKNOWN_FATE);
            }
        } else {
            assertThat(refused().kind()).isEqualTo(Kind.UNKNOWN_FATE);
        }
        assertThat(platform.requests()).as("never asked twice").hasSize(1);
    }

    @Test
    final void whatIsNoHttpMayHaveTakenIt() {
        assertThat(refused(Reply.noise()).kind()).isEqualTo(Kind.UNKNOWN_FATE);
    }

    @Test
    final void aYesThatIsNotThePlatformsConfirmsNothing() throws Exception {
        Reply page = Reply.of(200, "<html>please sign in to the wireless network</html>");
        if (isAnyYesAConfirmation()) {
            platform.then(page);
            channel.send(message(address(), TEXT));
        } else {
            assertThat(refused(page).kind()).isEqualTo(Kind.UNKNOWN_FATE);
        }
    }

    @Test
    final void aRedirectIsNotFollowed() {
        try (StandInPlatform elsewhere = new StandInPlatform(environment())) {
            elsewhere.always(confirmation());
            for (int status : List.of(301, 302, 307, 308)) {
                DeliveryException refusal = refused(Reply.of(status, "", "Location: " + elsewhere.url() + "/x"));
                assertThat(refusal.kind()).isEqualTo(Kind.TERMINAL);
            }
            assertThat(elsewhere.requests()).isEmpty();
        }
    }

    @Test
    final void aHugeAnswerIsNotRead() throws InterruptedException {
        AtomicReference<String> ended = new AtomicReference<>();
        platform.then(Reply.huge(200, 4L << 30));
        Task task = environment().start("huge", () -> {
            try {
                ended.set("confirmed " + channel.send(message(address(), TEXT)));
            } catch (DeliveryException e) {
                ended.set(e.kind().name());
            } catch (InterruptedException e) {
                ended.set("interrupted");
            }
        });
        assertThat(task.join(TIMEOUT.plus(SLACK))).as("ended in time").isTrue();
        assertThat(ended.get()).isEqualTo(isAnyYesAConfirmation() ? "confirmed " : "UNKNOWN_FATE");
    }

    @Test
    final void aPlatformThatIsNotThereWasSentNothing() throws IOException {
        try (Socket nobody = new Socket()) { // holds a port on which nobody listens
            nobody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            String nowhere = "http://127.0.0.1:" + nobody.getLocalPort();
            channel = open(context(environment(), settings(name(), settings(nowhere))));
            assertThat(refused().kind()).isEqualTo(Kind.TRANSIENT);
        }
    }

    @Test
    final void aSendEndsPromptlyWhenItsThreadIsInterrupted() throws InterruptedException {
        platform.then(platform.hang());
        AtomicReference<Throwable> ended = new AtomicReference<>();
        Task task = environment().start("interrupted", () -> {
            try {
                channel.send(message(address(), TEXT));
                fail("nothing confirmed it");
            } catch (Throwable e) {
                ended.set(e);
            }
        });
        Duration begun = environment().uptime();
        while (platform.requests().isEmpty()
                && environment().uptime().minus(begun).compareTo(SLACK) < 0) {
            environment().newSignal().await(Duration.ofMillis(5));
        }
        task.interrupt();
        assertThat(task.join(TIMEOUT)).as("ended in time").isTrue();
        assertThat(ended.get()).isInstanceOfAny(InterruptedException.class, DeliveryException.class);
    }

    /**
     * A channel that takes files sends one as a message of its own; the test of the channel says what that looks like. Its
     * bytes are no text; its name holds a quote and a letter beyond ASCII.
     */
    @Test
    final void aFileIsSentOrSaidNotToBeTaken() throws Exception {
        assumeTrue(channel.takesFiles(), "the platform takes no files");
        byte[] bytes = {0, (byte) 0xff, '\r', '\n', '-', '-', 1};
        Attachment file = Attachment.of("r\u00e9sum\u00e9 \"1\".txt", "text/plain", bytes);
        filePreparations().forEach(platform::then);
        platform.then(fileConfirmation());
        String receipt =
                channel.send(new DeliveryMessage(address(), file.name(), KEY + "#2", "Backup", Optional.of(file)));
        assertThat(receipt).isEqualTo(fileReceipt());
        assertThat(platform.requests()).hasSize(filePreparations().size() + 1);
        secrets()
                .forEach(secret -> assertThat(platform.requests().stream().map(Request::body))
                        .noneMatch(body -> body.contains(secret)));
    }

    /** A file whose place could not be had, or whose request was refused, may be sent again. */
    @Test
    final void aFileThatCouldNotBePutAnywhereIsTriedLater() {
        assumeTrue(channel.takesFiles(), "the platform takes no files");
        platform.then(Reply.of(502, ""));
        Attachment file = Attachment.of("a.txt", "text/plain", new byte[] {1});
        var refusal = catchThrowableOfType(
                DeliveryException.class,
                () -> channel.send(new DeliveryMessage(address(), "a.txt", KEY, "Backup", Optional.of(file))));
        assertThat(refusal.kind()).isEqualTo(Kind.TRANSIENT);
        secrets().forEach(secret -> assertThat(refusal.getMessage()).doesNotContain(secret));
    }

    /** A story of a job whose message goes to the stand-in, under the real orchestrator. */
    protected final DeliveryStory story(Path home) {
        ManualEnvironment time = DeliveryStory.time();
        Map<String, String> values = new LinkedHashMap<>(settings(platform.url()));
        values.put("timeout", TIMEOUT.toSeconds() + "s");
        DeliveryChannel own = open(context(time, settings(name(), values)));
        return new DeliveryStory(time, home, own, name() + ":" + address(), TEXT);
    }

    @Test
    final void aLostMessageArrivesFromTheKeptOutputWithoutAnotherRun(@TempDir Path home) {
        platform.then(Reply.of(502, "<html>bad gateway</html>"))
                .then(tooOften())
                .then(Reply.of(503, ""))
                .then(confirmation());
        try (DeliveryStory story = story(home).pass()) {
            assertThat(story.envelope().state()).isEqualTo(EnvelopeState.RETRY);
            assertThat(story.untilItIsTriedAgain()).isEqualTo(Duration.ofSeconds(60));
            assertThat(story.untilItIsTriedAgain())
                    .as("what the platform asked for, at least 300 s")
                    .isBetween(Duration.ofSeconds(300), Duration.ofMinutes(15));
            assertThat(story.untilItIsTriedAgain()).isEqualTo(Duration.ofSeconds(1_800));
            assertThat(story.envelope().state()).isEqualTo(EnvelopeState.DELIVERED);
            assertThat(story.envelope().receipts()).containsExactly(receipt());
            assertThat(story.lastDelivery()).isEqualTo("delivered ");
            assertThat(story.runs()).isEqualTo(1);
        }
        assertThat(platform.requests()).hasSize(4);
    }

    @Test
    final void aPermanentRefusalEndsItAtOnceAndSaysWhatToMend(@TempDir Path home) {
        platform.always(unauthorised());
        try (DeliveryStory story = story(home).pass()) {
            assertThat(story.envelope().state()).isEqualTo(EnvelopeState.FAILED);
            assertThat(story.lastDelivery()).startsWith("failed ").contains("; ");
            secrets().forEach(secret -> assertThat(story.lastDelivery()).doesNotContain(secret));
            assertThat(story.runs()).isEqualTo(1);
        }
        assertThat(platform.requests()).hasSize(1);
    }

    /** Sent again only where the platform would know it again: nobody knows whether it arrived. */
    @Test
    final void aCutConnectionIsRepeatedOnlyWhereThePlatformRecognisesIt(@TempDir Path home) {
        boolean isRecognised = channel.recognisesRepetitionFor().compareTo(Duration.ofSeconds(60)) > 0;
        platform.then(Reply.cut()).then(confirmation());
        try (DeliveryStory story = story(home).pass()) {
            if (isRecognised) {
                assertThat(story.untilItIsTriedAgain()).isEqualTo(Duration.ofSeconds(60));
            }
            assertThat(story.envelope().state())
                    .isEqualTo(isRecognised ? EnvelopeState.DELIVERED : EnvelopeState.UNKNOWN);
            assertThat(story.runs()).isEqualTo(1);
        }
        assertThat(platform.requests()).hasSize(isRecognised ? 2 : 1);
    }

    /** What a platform recognises it must be shown again: the same request for the same part. */
    @Test
    final void aRepeatedPartCarriesTheSameKey() throws Exception {
        assumeTrue(!channel.recognisesRepetitionFor().isZero(), "the platform recognises no repetition");
        Request first = sent(address(), TEXT);
        Request second = sent(address(), TEXT);
        assertThat(second.target()).isEqualTo(first.target());
        assertThat(second.body()).isEqualTo(first.body());
    }
}
