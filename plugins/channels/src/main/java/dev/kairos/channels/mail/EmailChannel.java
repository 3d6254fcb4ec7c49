package dev.kairos.channels.mail;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.delivery.ChannelContext;
import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.delivery.DeliveryException;
import dev.kairos.api.delivery.DeliveryException.Kind;
import dev.kairos.api.delivery.DeliveryMessage;
import dev.kairos.api.env.Environment;
import dev.kairos.api.env.Task;
import dev.kairos.channels.AddressForm;
import dev.kairos.channels.Keys;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Mail through a server that takes it for delivery: plain words and HTML of the same Markdown. Thread-safe. */
final class EmailChannel implements DeliveryChannel {
    private static final AddressForm ADDRESSES = AddressForm.of("email")
            .or(
                    "an address",
                    "ann@example.org",
                    "[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?");

    private final Environment environment;
    private final MailServer server;

    EmailChannel(ChannelContext context) {
        this.environment = context.environment();
        this.server = new MailServer(new Keys(context.settings()));
    }

    @Override
    public String platform() {
        return "email";
    }

    @Override
    public void checkAddress(String address) {
        ADDRESSES.check(address);
    }

    @Override
    public String addressForms() {
        return ADDRESSES.words();
    }

    @Override
    public boolean takesFiles() {
        return true;
    }

    /** What became of a mail. */
    private record End(String receipt, Optional<DeliveryException> refusal) {}

    /** The library's calls end with their sockets' bounds and not by interruption, so they have a thread of their own. */
    @Override
    public String send(DeliveryMessage message) throws DeliveryException, InterruptedException {
        AtomicReference<End> end = new AtomicReference<>(new End("", Optional.of(late())));
        Task task = environment.start("cron-mail", () -> end.set(sent(message)));
        task.join(server.timeout());
        End reached = Objects.requireNonNull(end.get());
        if (reached.refusal().isPresent()) {
            throw reached.refusal().get();
        }
        return reached.receipt();
    }

    private DeliveryException late() {
        Duration bound = server.timeout();
        return new DeliveryException(
                Kind.UNKNOWN_FATE,
                "the mail server did not answer within " + bound.toSeconds() + "s; it may have taken the message");
    }

    private End sent(DeliveryMessage message) {
        try {
            checkAddress(message.address());
            return new End(server.send(message, environment.now()), Optional.empty());
        } catch (DeliveryException e) {
            return new End("", Optional.of(e));
        } catch (InvalidInputException e) {
            return new End(
                    "",
                    Optional.of(new DeliveryException(
                            Kind.TRANSIENT,
                            e.where() + " (" + e.reason() + "); " + e.accepted() + "; nothing was sent")));
        }
    }
}
