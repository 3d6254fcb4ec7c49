package dev.kairos.orchestrator.delivery;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.delivery.DeliveryException;
import dev.kairos.api.delivery.DeliveryException.Kind;
import dev.kairos.api.delivery.DeliveryMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Prints messages on a stream, whole and one after another. What could not be written is tried again later, unless
 * nobody reads the stream any more. Status: internal.
 */
public final class ConsoleChannel implements DeliveryChannel {
    /** What could drive a terminal instead of being read on it. */
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\n\t]]");

    /** What the system says of a stream without a reader; an exception carries nothing else. */
    private static final List<String> NOBODY_READS =
            List.of("broken pipe", "stream closed", "bad file descriptor", "pipe is being closed");

    private final OutputStream out;
    private final Object lock = new Object();

    /**
     * Prints on the stream, which stays the caller's.
     *
     * @param out takes UTF-8 and throws for each write that fails; a {@link PrintStream}, which throws nothing and says
     *     only once that something was lost, is printed on in its own charset
     */
    public ConsoleChannel(OutputStream out) {
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
            if (out instanceof PrintStream printer) {
                print(printer, readable);
            } else {
                write(readable + System.lineSeparator());
            }
        }
        return "";
    }

    private void write(String lines) throws DeliveryException {
        try {
            out.write(lines.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            String why = String.valueOf(e.getMessage());
            throw NOBODY_READS.stream().anyMatch(why.toLowerCase(Locale.ROOT)::contains)
                    ? new DeliveryException(
                            Kind.TERMINAL,
                            "nobody reads the console (" + why + "); deliver to local or to a chat instead",
                            null,
                            e)
                    : new DeliveryException(Kind.TRANSIENT, "the console could not be written: " + why, null, e);
        }
    }

    /** The stream's mark of an error stays for ever: of a message after the first lost one nobody knows. */
    private static void print(PrintStream printer, String readable) throws DeliveryException {
        boolean wasMarked = printer.checkError();
        printer.println(readable);
        if (printer.checkError()) {
            throw wasMarked
                    ? new DeliveryException(
                            Kind.UNKNOWN_FATE,
                            "printed on a stream that lost something before and does not say whether it still does")
                    : new DeliveryException(Kind.TRANSIENT, "the console could not be written");
        }
    }
}
