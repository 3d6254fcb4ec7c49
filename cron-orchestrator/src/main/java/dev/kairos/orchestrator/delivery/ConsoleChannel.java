package dev.kairos.orchestrator.delivery;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.delivery.DeliveryException;
import dev.kairos.api.delivery.DeliveryMessage;
import java.io.PrintStream;
import java.util.Objects;
import java.util.regex.Pattern;

/** Prints messages on a stream, whole and one after another. Status: internal. */
public final class ConsoleChannel implements DeliveryChannel {
    /** What could drive a terminal instead of being read on it. */
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\n\t]]");

    private final PrintStream out;
    private final Object lock = new Object();

    /** Prints on the stream, which stays the caller's. */
    public ConsoleChannel(PrintStream out) {
        this.out = Objects.requireNonNull(out);
    }

    @Override
    public String platform() {
        return "console";
    }

    @Override
    public void checkAddress(String address) {
        if (!address.isEmpty()) {
            throw new InvalidInputException(
                    "deliver", "console:" + address, "the console has no addresses", "write console alone");
        }
    }

    @Override
    public String send(DeliveryMessage message) throws DeliveryException {
        String readable = CONTROL.matcher(message.text().replace("\r\n", "\n")).replaceAll("");
        synchronized (lock) {
            out.println(readable);
            out.flush();
            if (out.checkError()) {
                throw new DeliveryException(
                        DeliveryException.Kind.TERMINAL,
                        "the console's stream is closed; deliver to local or to a chat instead");
            }
        }
        return "";
    }
}
