package dev.kairos.builtin.plugin;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.delivery.DeliveryException;
import dev.kairos.api.delivery.DeliveryMessage;
import java.time.Duration;
import java.util.List;

/** A plug-in's channel. It sends on the sender's own thread, whose time the host bounds. */
final class GuardedChannel implements DeliveryChannel {
    private final DeliveryChannel channel;
    private final String platform;
    private final Gate gate;

    GuardedChannel(DeliveryChannel channel, String platform, Gate gate) {
        this.channel = channel;
        this.platform = platform;
        this.gate = gate;
    }

    @Override
    public String platform() {
        return platform;
    }

    @Override
    public void checkAddress(String address) {
        Guard.Answer<Boolean> checked = gate.quickly("checkAddress", () -> {
            channel.checkAddress(address);
            return true;
        });
        if (checked.cause().orElse(null) instanceof InvalidInputException refused) {
            throw refused;
        }
        checked.trouble().ifPresent(trouble -> {
            throw new InvalidInputException(
                    "deliver",
                    address,
                    "plug-in " + gate.id() + " could not check the address: it " + trouble,
                    "another target, or a plug-in that works: kairos plugins list");
        });
    }

    @Override
    public String send(DeliveryMessage message) throws DeliveryException, InterruptedException {
        try {
            return gate.here(() -> channel.send(message));
        } catch (DeliveryException | InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) { // a checked one that its signature does not allow
            throw new IllegalStateException("plug-in " + gate.id() + ": its send " + Guard.words(e), e);
        }
    }

    @Override
    public List<String> parts(String text) {
        return gate.bounded("parts", () -> List.copyOf(channel.parts(text)));
    }

    @Override
    public boolean takesFiles() {
        return gate.bounded("takesFiles", channel::takesFiles);
    }

    @Override
    public Duration turn(String address) {
        return gate.bounded("turn", () -> channel.turn(address));
    }

    @Override
    public String addressForms() {
        return gate.quickly("addressForms", channel::addressForms).value().orElse("");
    }

    @Override
    public Duration recognisesRepetitionFor() {
        return gate.bounded("recognisesRepetitionFor", channel::recognisesRepetitionFor);
    }
}
