package dev.kairos.builtin;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.orchestrator.PluggedParts;
import dev.kairos.orchestrator.delivery.ConsoleChannel;
import dev.kairos.orchestrator.delivery.Redactor;
import dev.kairos.orchestrator.delivery.Targets;
import dev.kairos.orchestrator.delivery.Wording;
import dev.kairos.orchestrator.jobs.TargetCheck;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The channels, their home targets and the words around messages, as builder and configuration say; channels of plug-ins
 * come and go. Plug-ins are looked for when a target is first asked about.
 */
final class Deliveries {
    private final List<DeliveryChannel> own;
    private final Supplier<PluggedParts> plugged;
    private final Configuration configuration;
    private final Redactor redactor;
    private volatile @Nullable Reach reach;

    /** What can be reached with certain parts plugged in. */
    private record Reach(PluggedParts parts, Targets targets, Wording wording) {}

    Deliveries(List<DeliveryChannel> given, Configuration configuration, Supplier<PluggedParts> plugged) {
        own = new ArrayList<>(given);
        if (given.stream().noneMatch(channel -> channel.platform().equals("console"))) {
            own.add(new ConsoleChannel(System.out));
        }
        this.configuration = configuration;
        this.plugged = plugged;
        this.redactor = new Redactor(configuration.secrets());
    }

    private Reach reach() {
        PluggedParts parts = plugged.get();
        Reach known = reach;
        if (known != null && known.parts().equals(parts)) {
            return known;
        }
        List<DeliveryChannel> channels = new ArrayList<>(own);
        channels.addAll(parts.channels());
        Map<String, String> homes = new LinkedHashMap<>();
        for (DeliveryChannel channel : channels) {
            home(configuration, channel.platform()).ifPresent(home -> homes.put(channel.platform(), home));
        }
        Targets targets = new Targets(channels, homes);
        Wording wording = new Wording(
                targets,
                redactor,
                configuration.getLenient(ConfigKey.WRAP_RESPONSE).orElseThrow());
        Reach made = new Reach(parts, targets, wording);
        reach = made;
        return made;
    }

    private static Optional<String> home(Configuration configuration, String platform) {
        try {
            return configuration.at("delivery." + platform).text("home");
        } catch (InvalidInputException e) {
            return Optional.empty(); // the channel itself refuses it where it is used
        }
    }

    /** The channels that no plug-in brought. */
    List<DeliveryChannel> own() {
        return own;
    }

    /** What can be delivered to, sorted. */
    Set<String> platforms() {
        return reach().targets().platforms();
    }

    /** The words around messages, as they are now. */
    Wording wording() {
        return reach().wording();
    }

    Redactor redactor() {
        return redactor;
    }

    /** Judges a target of a job that is created or edited. */
    TargetCheck check() {
        return target -> {
            try {
                reach().targets().check("deliver", List.of(target));
                return Optional.empty();
            } catch (InvalidInputException e) {
                return Optional.of(e.reason() + " (" + e.accepted() + ")");
            }
        };
    }
}
