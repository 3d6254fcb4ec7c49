package dev.kairos.builtin;

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

    List<Sent> send(String target, String text, String title) {
        String redacted = deliveries.redactor().redact(text);
        String key = "direct-" + Long.toHexString(environment.random().nextLong());
        List<Sent> sent = new ArrayList<>();
        for (String resolved : deliveries.targets().resolve(target)) {
            deliveries
                    .targets()
                    .channel(Envelope.platformOf(resolved))
                    .ifPresent(channel -> sent.add(send(
                            channel,
                            resolved,
                            new DeliveryMessage(Targets.addressOf(resolved), redacted, key, title))));
        }
        return sent;
    }

    private Sent send(DeliveryChannel channel, String target, DeliveryMessage whole) {
        List<String> receipts = new ArrayList<>();
        ClassLoader loader = Guard.loaderOf(channel.getClass());
        Guard guard = new Guard(environment);
        Guard.Answer<List<String>> parts =
                guard.call("deliver-parts", loader, LIMIT, () -> channel.parts(whole.text()));
        if (parts.value().isEmpty()) {
            return lost(target, receipts, parts);
        }
        for (String part : parts.value().get()) {
            String key = receipts.isEmpty() ? whole.idempotencyKey() : whole.idempotencyKey() + "#" + receipts.size();
            DeliveryMessage message = new DeliveryMessage(whole.address(), part, key, whole.jobName());
            Guard.Answer<String> receipt = guard.call("deliver", loader, LIMIT, () -> {
                environment.sleep(turn(channel, message.address()));
                return channel.send(message);
            });
            if (receipt.value().isEmpty()) {
                return lost(target, receipts, receipt);
            }
            receipts.add(receipt.value().get());
        }
        return new Sent(target, receipts, Optional.empty());
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
