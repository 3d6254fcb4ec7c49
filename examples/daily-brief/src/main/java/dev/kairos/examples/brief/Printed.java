package dev.kairos.examples.brief;

import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.delivery.DeliveryMessage;
import java.io.PrintStream;

/** Delivers to the terminal. */
record Printed(PrintStream to) implements DeliveryChannel {
    @Override
    public String platform() {
        return "terminal";
    }

    @Override
    public void checkAddress(String address) {
        // there is only one
    }

    @Override
    public String send(DeliveryMessage message) {
        to.println(message.text());
        return "";
    }
}
