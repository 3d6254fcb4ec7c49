package dev.kairos.channels.platform;

import dev.kairos.api.delivery.ChannelContext;
import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.env.Environment;
import dev.kairos.channels.RealTime;
import dev.kairos.testkit.HttpChannelContract;
import java.util.Map;

/** What the tests of our platforms share. */
abstract class PlatformTest extends HttpChannelContract {
    static final String SECRET = "S3cr3t-0f-th3-pl4tf0rm";

    private final Environment environment = new RealTime();

    @Override
    protected final Environment environment() {
        return environment;
    }

    @Override
    protected final DeliveryChannel open(ChannelContext context) {
        return new PlatformChannels().open(name(), context);
    }

    /** A channel with settings of the test's own. */
    final DeliveryChannel openWith(Map<String, String> values) {
        return open(context(environment, settings(name(), values)));
    }
}
