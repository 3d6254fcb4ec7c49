package dev.kairos.channels.mail;

import dev.kairos.api.delivery.ChannelContext;
import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.delivery.DeliveryChannelFactory;
import java.util.Set;

/**
 * Makes the channel for mail.
 *
 * <p>Status: internal.
 */
public final class MailChannels implements DeliveryChannelFactory {
    @Override
    public Set<String> platforms() {
        return Set.of("email");
    }

    @Override
    public DeliveryChannel open(String platform, ChannelContext context) {
        return new EmailChannel(context);
    }
}
