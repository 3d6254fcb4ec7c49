package dev.kairos.channels;

import dev.kairos.api.delivery.Attachment;
import dev.kairos.api.delivery.DeliveryException;
import dev.kairos.api.delivery.DeliveryMessage;
import dev.kairos.channels.http.Answer;
import dev.kairos.channels.http.HttpCall;
import dev.kairos.channels.http.Reach;
import dev.kairos.channels.text.TextForm;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What one platform is beside all others: its addresses, what it takes as a message, where and how it is asked, and what
 * its answers mean. {@link HttpChannel} makes a channel of it. Holds no state that changes.
 *
 * <p>Status: experimental since 0.1.
 */
public abstract class Platform {
    /** The word before the colon of a target. */
    public abstract String name();

    /** What it reads below {@code delivery.<name>} beside what every channel has; anything else there is refused. */
    protected abstract Set<String> settings();

    /** What stands after it. */
    public abstract AddressForm addresses();

    /** What it takes as one message. */
    public abstract TextForm form();

    /**
     * The request that sends the message, whose text is one of the {@link #form}'s parts.
     *
     * @throws dev.kairos.api.InvalidInputException if a setting is wrong or lacking
     */
    protected abstract HttpCall call(DeliveryMessage message, Lookup lookup)
            throws DeliveryException, InterruptedException;

    /** Whether it takes files; {@link #fileCall} then says how. */
    protected boolean takesFiles() {
        return false;
    }

    /**
     * The request that sends a file. What has to be asked before, such as for a place to put it, goes through the look-up:
     * the message is there only once the request was carried out.
     *
     * @param message its text is the file's name
     * @throws dev.kairos.api.InvalidInputException if a setting is wrong or lacking
     */
    protected HttpCall fileCall(DeliveryMessage message, Attachment file, Lookup lookup)
            throws DeliveryException, InterruptedException {
        throw new UnsupportedOperationException(name() + " takes no files");
    }

    /** What it calls the message, from an answer that says yes; empty if the answer is none of this platform's. */
    protected abstract Optional<String> receipt(Answer answer);

    /** Cuts a text into messages; the {@link #form} does, unless a platform has its own way. */
    protected List<String> parts(String text) {
        return form().parts(text);
    }

    /** What an answer means that the HTTP status alone does not tell; empty to judge by that. */
    protected Optional<Refusal> refusal(Answer answer) {
        return Optional.empty();
    }

    /** The platform's own words about what went wrong. */
    protected Optional<String> said(Answer answer) {
        return answer.field("message").or(() -> answer.field("error"));
    }

    /** How long it asks to wait; by the header Retry-After unless it says so elsewhere. */
    protected Optional<Duration> retryAfter(Answer answer, Instant now) {
        return answer.retryAfter(now);
    }

    /** What a person does when it does not know us, a clause. */
    protected String mendUnauthorised() {
        return "check the token in delivery." + name();
    }

    /** What a person does when it does not know the address, a clause. */
    protected String mendUnknownAddress() {
        return "check the address";
    }

    /** How often it likes to be asked. */
    protected Pace pace() {
        return Pace.FREE;
    }

    /** See {@link dev.kairos.api.delivery.DeliveryChannel#recognisesRepetitionFor}. */
    protected Duration recognisesRepetitionFor() {
        return Duration.ZERO;
    }

    /** Where its requests may go: elsewhere than to its vendor if a target, or somebody else, names their address. */
    protected Reach reach() {
        return Reach.VENDOR;
    }
}
