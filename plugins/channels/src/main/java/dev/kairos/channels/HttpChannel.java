package dev.kairos.channels;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.delivery.ChannelContext;
import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.delivery.DeliveryException;
import dev.kairos.api.delivery.DeliveryException.Kind;
import dev.kairos.api.delivery.DeliveryMessage;
import dev.kairos.channels.http.Answer;
import dev.kairos.channels.http.Http;
import dev.kairos.channels.http.HttpCall;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The channel of a platform that is asked over HTTP. It gives turns, asks within bounds, and says what the answer
 * means: whether to try again, and if not, what to mend. Nothing it says holds a token or an address that may.
 *
 * <p>Thread-safe. Status: experimental since 0.1.
 */
public final class HttpChannel implements DeliveryChannel {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(50);
    private static final int LONGEST_SAYING = 300;

    private final Platform platform;
    private final ChannelContext context;
    private final Http http;
    private final Pacing pacing;

    /**
     * Opens no connection.
     *
     * @param context its settings may hold {@code timeout} and {@code connect_timeout}
     * @throws InvalidInputException if they hold something that the platform does not read
     */
    public HttpChannel(Platform platform, ChannelContext context) {
        this.platform = Objects.requireNonNull(platform);
        this.context = Objects.requireNonNull(context);
        Keys keys = new Keys(context.settings());
        keys.refuseOthers(platform.settings());
        this.http = new Http(
                context.environment(),
                bounded(keys.duration("connect_timeout", CONNECT_TIMEOUT)),
                bounded(keys.duration("timeout", TIMEOUT)),
                platform.reach());
        this.pacing = new Pacing(context.environment(), platform.pace());
    }

    private static Duration bounded(Duration wish) {
        return wish.compareTo(LONGEST_TIMEOUT) > 0 || wish.toMillis() < 1 ? LONGEST_TIMEOUT : wish;
    }

    @Override
    public String platform() {
        return platform.name();
    }

    @Override
    public void checkAddress(String address) {
        platform.addresses().check(address);
    }

    @Override
    public String addressForms() {
        return platform.addresses().words();
    }

    @Override
    public List<String> parts(String text) {
        return platform.parts(text);
    }

    @Override
    public Duration recognisesRepetitionFor() {
        return platform.recognisesRepetitionFor();
    }

    @Override
    public Duration turn(String address) {
        return pacing.reserve(address);
    }

    @Override
    public boolean takesFiles() {
        return platform.takesFiles();
    }

    @Override
    public String send(DeliveryMessage message) throws DeliveryException, InterruptedException {
        check(message.address());
        Answer answer = http.exchange(call(message));
        judge(answer, message.address());
        return platform.receipt(answer).orElseThrow(() -> notUnderstood(answer));
    }

    private void check(String address) throws DeliveryException {
        try {
            checkAddress(address);
        } catch (InvalidInputException e) {
            throw new DeliveryException(Kind.TERMINAL, e.reason() + "; " + e.accepted());
        }
    }

    private HttpCall call(DeliveryMessage message) throws DeliveryException, InterruptedException {
        try {
            Lookup lookup = call -> ask(call, message.address());
            return message.attachment().isPresent()
                    ? platform.fileCall(message, message.attachment().get(), lookup)
                    : platform.call(message, lookup);
        } catch (InvalidInputException e) { // a setting that was taken away or cannot be read now
            throw new DeliveryException(
                    Kind.TRANSIENT, e.where() + " (" + e.reason() + "); " + e.accepted() + "; nothing was sent");
        }
    }

    private Answer ask(HttpCall call, String address) throws DeliveryException, InterruptedException {
        try {
            Answer answer = http.exchange(call);
            judge(answer, address);
            return answer;
        } catch (DeliveryException e) {
            throw e.kind() == Kind.UNKNOWN_FATE
                    ? new DeliveryException(Kind.TRANSIENT, call.host() + " could not be asked; nothing was sent")
                    : e;
        }
    }

    private DeliveryException notUnderstood(Answer answer) {
        return new DeliveryException(
                Kind.UNKNOWN_FATE,
                platform.name() + " answered " + answer.status()
                        + " with something else than its documented answer; it may have taken the message");
    }

    /** Throws what the answer means, unless it says yes. */
    private void judge(Answer answer, String address) throws DeliveryException {
        Optional<Refusal> own = platform.refusal(answer);
        if (own.isEmpty() && answer.isOk()) {
            return;
        }
        Refusal refusal = own.orElseGet(() -> byStatus(answer));
        refusal.retryAfter().ifPresent(wait -> pacing.quiet(address, wait));
        String said =
                platform.said(answer).map(words -> ": " + shortened(words)).orElse("");
        String mend = refusal.mend().isEmpty() ? "" : "; " + refusal.mend();
        throw new DeliveryException(
                refusal.kind(),
                platform.name() + " answered " + answer.status() + said + mend,
                refusal.retryAfter().orElse(null),
                null);
    }

    private Refusal byStatus(Answer answer) {
        int status = answer.status();
        Optional<Duration> wait =
                platform.retryAfter(answer, context.environment().now());
        if (status == 408 || status == 425 || status == 429 || status >= 500) {
            return Refusal.later(wait);
        }
        if (status >= 300 && status < 400) {
            return Refusal.terminal("it redirects, and redirects are not followed: configure the address it moved to");
        }
        return Refusal.terminal(
                switch (status) {
                    case 401, 403 -> platform.mendUnauthorised();
                    case 404, 410 -> platform.mendUnknownAddress();
                    case 413 -> "the message is too long for it";
                    default -> "it will not take this message as it is";
                });
    }

    private static String shortened(String words) {
        String line = words.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        return line.length() <= LONGEST_SAYING ? line : line.substring(0, LONGEST_SAYING) + "...";
    }
}
