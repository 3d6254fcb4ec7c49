package dev.kairos.examples.pigeon;

import dev.kairos.api.delivery.ChannelContext;
import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.delivery.DeliveryChannelFactory;
import dev.kairos.channels.HttpChannel;
import dev.kairos.channels.Keys;
import java.util.Set;

/** Named in META-INF/services, it makes {@code pigeon} a platform of every Kairos that has the jar. */
public final class PigeonChannels implements DeliveryChannelFactory {
    @Override
    public Set<String> platforms() {
        return Set.of("pigeon");
    }

    @Override
    public DeliveryChannel open(String platform, ChannelContext context) {
        return new HttpChannel(new Pigeon(new Keys(context.settings())), context);
    }
}
