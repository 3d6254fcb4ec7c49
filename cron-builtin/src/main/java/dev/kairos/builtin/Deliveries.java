package dev.kairos.builtin;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.env.Environment;
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
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The channels, their home targets and the words around messages, as builder, class path and configuration say; channels
 * of plug-ins come and go. Channels are looked for when a target is first asked about: a command that sends nothing pays
 * nothing for them. Thread-safe.
 */
final class Deliveries {
    private final List<DeliveryChannel> given;
    private final Supplier<PluggedParts> plugged;
    private final Configuration configuration;
    private final ChannelFinder finder;
    private final Redactor redactor;
    private volatile @Nullable Reach reach;

    /** What can be reached with certain parts plugged in. */
    private record Reach(PluggedParts parts, List<DeliveryChannel> channels, Targets targets, Wording wording) {}

    Deliveries(
            RuntimeBuilder parts,
            Configuration configuration,
            Environment environment,
            Supplier<PluggedParts> plugged) {
        given = new ArrayList<>(parts.channels);
        if (given.stream().noneMatch(channel -> channel.platform().equals("console"))) {
            given.add(new ConsoleChannel(System.out));
        }
        this.configuration = configuration;
        this.plugged = plugged;
        List<ClassLoader> classPath = new ArrayList<>();
        classPath.add(Deliveries.class.getClassLoader());
        classPath.addAll(parts.loaders);
        this.finder = new ChannelFinder(environment, configuration, classPath);
        this.redactor = new Redactor(List.of());
        configuration.tellSecrets(redactor::learn);
    }

    private Reach reach() {
        PluggedParts parts = plugged.get();
        Reach known = reach;
        if (known != null && known.parts().equals(parts)) {
            return known;
        }
        Map<String, DeliveryChannel> channels = new LinkedHashMap<>();
        own().forEach(channel -> channels.put(channel.platform(), channel));
        parts.channels().forEach(channel -> channels.putIfAbsent(channel.platform(), channel));
        Map<String, String> homes = new LinkedHashMap<>();
        Set<String> inOrder = configuration.keysInOrder("delivery.");
        inOrder.retainAll(channels.keySet());
        inOrder.addAll(channels.keySet());
        inOrder.forEach(platform -> home(platform).ifPresent(home -> homes.put(platform, home)));
        Map<String, InvalidInputException> unready =
                new LinkedHashMap<>(finder.find(given).unready());
        unready.keySet().removeAll(channels.keySet());
        Targets targets = new Targets(channels.values(), homes, unready);
        Wording wording = new Wording(
                targets,
                redactor,
                configuration.getLenient(ConfigKey.WRAP_RESPONSE).orElseThrow());
        Reach made = new Reach(parts, List.copyOf(channels.values()), targets, wording);
        reach = made;
        return made;
    }

    private Optional<String> home(String platform) {
        try {
            return configuration.at("delivery." + platform).text("home");
        } catch (InvalidInputException e) {
            return Optional.empty(); // the channel itself refuses it where it is used
        }
    }

    /** The channels that no dropped plug-in brought. */
    List<DeliveryChannel> own() {
        return finder.find(given).channels();
    }

    /** All of them, own ones first. */
    List<DeliveryChannel> channels() {
        return reach().channels();
    }

    Targets targets() {
        return reach().targets();
    }

    /** What can be delivered to, sorted. */
    Set<String> platforms() {
        return targets().platforms();
    }

    /** What is configured for platforms that are not there, each a sentence. */
    List<String> strays() {
        List<String> configured = configuration.keysInOrder("delivery.").stream()
                .filter(name -> !configuration.at("delivery." + name).keys().isEmpty())
                .toList();
        if (configured.isEmpty()) {
            return List.of(); // and no channel need be looked for
        }
        Set<String> known = new TreeSet<>(targets().unready().keySet());
        known.addAll(platforms());
        List<String> strays = new ArrayList<>();
        for (String name : configured) {
            if (!known.contains(name)) {
                strays.add("delivery." + name + " is read by nobody: there is no platform \"" + name + "\" here"
                        + ConfigCheck.nearest(name, List.copyOf(known))
                                .map(near -> "; did you mean " + near + "?")
                                .orElse(""));
            }
        }
        return strays;
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
            if (Targets.isWord(Envelope.platformOf(target)) && target.indexOf(':') < 0) {
                return Optional.empty();
            }
            try {
                targets().check("deliver", List.of(target));
                return Optional.empty();
            } catch (InvalidInputException e) {
                return Optional.of(e.reason() + " (" + e.accepted() + ")");
            }
        };
    }
}
