package dev.kairos.channels.platform;

import dev.kairos.api.delivery.ChannelContext;
import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.delivery.DeliveryChannelFactory;
import dev.kairos.channels.HttpChannel;
import dev.kairos.channels.Keys;
import dev.kairos.channels.Platform;
import java.util.Set;

/**
 * The platforms that Kairos brings.
 *
 * <p>Status: internal.
 */
public final class PlatformChannels implements DeliveryChannelFactory {
    @Override
    public Set<String> platforms() {
        return Set.of(
                "telegram",
                "discord",
                "slack",
                "webhook",
                "ntfy",
                "mattermost",
                "matrix",
                "signal",
                "whatsapp",
                "sms",
                "homeassistant",
                "dingtalk",
                "feishu",
                "wecom");
    }

    @Override
    public DeliveryChannel open(String platform, ChannelContext context) {
        return new HttpChannel(platform(platform, context), context);
    }

    private static Platform platform(String name, ChannelContext context) {
        Keys keys = new Keys(context.settings());
        return switch (name) {
            case "telegram" -> new Telegram(keys);
            case "discord" -> new Discord(keys);
            case "slack" -> new Slack(keys);
            case "webhook" -> new Webhook(keys, context.environment());
            case "ntfy" -> new Ntfy(keys);
            case "mattermost" -> new Mattermost(keys);
            case "matrix" -> new Matrix(keys);
            case "signal" -> new Signal(keys);
            case "whatsapp" -> new WhatsApp(keys);
            case "sms" -> new Sms(keys);
            case "homeassistant" -> new HomeAssistant(keys);
            case "dingtalk" -> new DingTalk(keys, context.environment());
            case "feishu" -> new Feishu(keys, context.environment());
            case "wecom" -> new WeCom(keys);
            default -> throw new IllegalArgumentException("no platform of this plug-in: " + name);
        };
    }
}
