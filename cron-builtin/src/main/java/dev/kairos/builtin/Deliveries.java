package dev.kairos.builtin;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.delivery.DeliveryChannel;
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

/** The channels, their home targets and the words around messages, as builder and configuration say. */
final class Deliveries {
    private final List<DeliveryChannel> channels;
    private final Targets targets;
    private final Redactor redactor;
    private final Wording wording;

    Deliveries(List<DeliveryChannel> given, Configuration configuration) {
        channels = new ArrayList<>(given);
        if (given.stream().noneMatch(channel -> channel.platform().equals("console"))) {
            channels.add(new ConsoleChannel(System.out));
        }
        Map<String, String> homes = new LinkedHashMap<>();
        for (DeliveryChannel channel : channels) {
            home(configuration, channel.platform()).ifPresent(home -> homes.put(channel.platform(), home));
        }
        targets = new Targets(channels, homes);
        redactor = new Redactor(configuration.secrets());
        wording = new Wording(
                targets,
                redactor,
                configuration.getLenient(ConfigKey.WRAP_RESPONSE).orElseThrow());
    }

    private static Optional<String> home(Configuration configuration, String platform) {
        try {
            return configuration.at("delivery." + platform).text("home");
        } catch (InvalidInputException e) {
            return Optional.empty(); // the channel itself refuses it where it is used
        }
    }

    List<DeliveryChannel> channels() {
        return channels;
    }

    /** What can be delivered to, sorted. */
    Set<String> platforms() {
        return targets.platforms();
    }

    Wording wording() {
        return wording;
    }

    Redactor redactor() {
        return redactor;
    }

    /** Judges a target of a job that is created or edited. */
    TargetCheck check() {
        return target -> {
            try {
                targets.check("deliver", List.of(target));
                return Optional.empty();
            } catch (InvalidInputException e) {
                return Optional.of(e.reason() + " (" + e.accepted() + ")");
            }
        };
    }
}
