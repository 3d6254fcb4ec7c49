package dev.kairos.builtin.plugin;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.delivery.DeliveryChannelFactory;
import dev.kairos.api.delivery.DeliveryException;
import dev.kairos.api.delivery.DeliveryMessage;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * A channel that a plug-in's factory makes when somebody first needs its platform. One whose settings lack something
 * refuses every address with the factory's own words. Called behind a {@link GuardedChannel}.
 */
final class FactoryChannel implements DeliveryChannel {
    private final String platform;
    private final FactoryMade<DeliveryChannel> channel;

    FactoryChannel(DeliveryChannelFactory factory, String platform, Supplier<FactoryHost> host) {
        this.platform = platform;
        this.channel = new FactoryMade<>(() -> factory.open(platform, host.get().channel(platform)));
    }

    @Override
    public String platform() {
        return platform;
    }

    private DeliveryChannel channel() {
        try {
            return channel.get();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new IllegalStateException("its factory's open " + Guard.words(e), e);
        }
    }

    @Override
    public void checkAddress(String address) {
        channel().checkAddress(address);
    }

    @Override
    public String send(DeliveryMessage message) throws DeliveryException, InterruptedException {
        DeliveryChannel opened;
        try {
            opened = channel();
        } catch (InvalidInputException lacking) {
            throw new DeliveryException(
                    DeliveryException.Kind.TERMINAL, lacking.getMessage() + "; " + lacking.accepted(), null, lacking);
        }
        return opened.send(message);
    }

    @Override
    public List<String> parts(String text) {
        try {
            return channel().parts(text);
        } catch (InvalidInputException toldBySend) {
            return List.of(text);
        }
    }

    @Override
    public Duration recognisesRepetitionFor() {
        try {
            return channel().recognisesRepetitionFor();
        } catch (InvalidInputException toldBySend) {
            return Duration.ZERO;
        }
    }

    @Override
    public boolean takesFiles() {
        try {
            return channel().takesFiles();
        } catch (InvalidInputException toldBySend) {
            return false;
        }
    }

    @Override
    public Duration turn(String address) {
        try {
            return channel().turn(address);
        } catch (InvalidInputException toldBySend) {
            return Duration.ZERO;
        }
    }

    @Override
    public String addressForms() {
        return channel().addressForms();
    }
}
