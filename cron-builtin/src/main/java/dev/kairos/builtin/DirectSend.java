package dev.kairos.builtin;

import dev.kairos.api.delivery.Attachment;
import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.delivery.DeliveryException;
import dev.kairos.api.delivery.DeliveryMessage;
import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.env.Environment;
import dev.kairos.builtin.plugin.Guard;
import dev.kairos.orchestrator.delivery.Targets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Sends a person's own words now, without a job, a ledger or a retry. */
final class DirectSend {
    /** As long as the daemon gives a channel for one part. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Deliveries deliveries;
    private final Environment environment;

    DirectSend(Deliveries deliveries, Environment environment) {
        this.deliveries = deliveries;
        this.environment = environment;
    }

    /**
     * One person's message.
     *
     * @param text may be blank where there are files
     * @param title what stands where a job's name would
     * @param files each a message of its own, behind the text
     */
    record Words(String text, String title, List<Attachment> files) {}

    /** To each target in turn; each is told of when it is done. */
    List<Sent> send(String target, Words words, Consumer<Sent> told) {
        Words redacted = new Words(deliveries.redactor().redact(words.text()), words.title(), words.files());
        List<Sent> sent = new ArrayList<>();
        for (String resolved : deliveries.targets().resolve(target)) {
            deliveries.targets().channel(Envelope.platformOf(resolved)).ifPresent(channel -> {
                Sent one = send(channel, resolved, redacted);
                sent.add(one);
                told.accept(one);
            });
        }
        return sent;
    }

    private Sent send(DeliveryChannel channel, String target, Words words) {
        List<String> receipts = new ArrayList<>();
        ClassLoader loader = Guard.loaderOf(channel.getClass());
        Guard guard = new Guard(environment);
        Guard.Answer<List<DeliveryMessage>> messages =
                guard.call("deliver-parts", loader, LIMIT, () -> messages(channel, target, words));
        if (messages.value().isEmpty()) {
            return lost(target, receipts, messages);
        }
        for (DeliveryMessage message : messages.value().get()) {
            Guard.Answer<String> receipt = guard.call("deliver", loader, LIMIT, () -> {
                environment.sleep(turn(channel, message.address()));
                return channel.send(message);
            });
            if (receipt.value().isEmpty()) {
                return lost(target, receipts, receipt);
            }
            receipts.add(receipt.value().get());
        }
        return new Sent(target, receipts, unsent(channel, words.files()));
    }

    /** The parts of the text, then the files if the channel takes any. */
    private List<DeliveryMessage> messages(DeliveryChannel channel, String target, Words words) {
        String address = Targets.addressOf(target);
        String key = "direct-" + Long.toHexString(environment.random().nextLong());
        List<DeliveryMessage> messages = new ArrayList<>();
        if (!words.text().isBlank()) {
            channel.parts(words.text())
                    .forEach(part -> messages.add(
                            new DeliveryMessage(address, part, key + "#" + messages.size(), words.title())));
        }
        if (channel.takesFiles()) {
            words.files()
                    .forEach(file -> messages.add(new DeliveryMessage(
                            address, file.name(), key + "#" + messages.size(), words.title(), Optional.of(file))));
        }
        return messages;
    }

    private static Optional<String> unsent(DeliveryChannel channel, List<Attachment> files) {
        return files.isEmpty() || channel.takesFiles()
                ? Optional.empty()
                : Optional.of(channel.platform() + " takes no files; not sent: "
                        + files.stream().map(Attachment::name).collect(Collectors.joining(", ")));
    }

    /** Nobody keeps a person's own words: what would wait long is said at once. */
    private static Duration turn(DeliveryChannel channel, String address) throws DeliveryException {
        Duration wait = channel.turn(address);
        if (wait.compareTo(DeliveryChannel.LONGEST_TURN) > 0) {
            throw new DeliveryException(
                    DeliveryException.Kind.TRANSIENT,
                    "the platform asked for fewer messages; try again in " + wait.toSeconds() + "s");
        }
        return wait.isNegative() ? Duration.ZERO : wait;
    }

    private Sent lost(String target, List<String> receipts, Guard.Answer<?> answer) {
        Optional<Throwable> cause = answer.cause();
        String why = cause.isPresent() && cause.get() instanceof DeliveryException refusal
                ? String.valueOf(refusal.getMessage())
                : "its channel " + answer.trouble().orElse("failed");
        return new Sent(target, receipts, Optional.of(deliveries.redactor().redact(why)));
    }
}
