package dev.kairos.builtin;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.builtin.plugin.Guard;
import dev.kairos.orchestrator.delivery.Targets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Tells what can be delivered to, and what is lacking for the rest. */
final class TargetListings {
    private final Deliveries deliveries;

    TargetListings(Deliveries deliveries) {
        this.deliveries = deliveries;
    }

    List<TargetListing> all() {
        Targets targets = deliveries.targets();
        Map<String, TargetListing> listings = new TreeMap<>();
        deliveries.channels().forEach(channel -> listings.put(channel.platform(), listing(targets, channel)));
        targets.unready().forEach((platform, lacking) -> listings.put(platform, unready(platform, lacking)));
        return List.copyOf(listings.values());
    }

    /** What is refused of a setting never shows its value, so there is nothing to take out. */
    private static TargetListing unready(String platform, InvalidInputException lacking) {
        String what = lacking.where() + " (" + lacking.reason() + "); " + lacking.accepted();
        return new TargetListing(platform, Optional.empty(), Optional.of(what), "");
    }

    private TargetListing listing(Targets targets, DeliveryChannel channel) {
        Optional<String> home = Optional.ofNullable(targets.homes().get(channel.platform()));
        Guard.Answer<String> forms = Guard.here(Guard.loaderOf(channel.getClass()), channel::addressForms);
        return new TargetListing(
                channel.platform(),
                home.map(this::clean),
                home.flatMap(address -> trouble(channel, address)),
                forms.value().orElse(""));
    }

    private Optional<String> trouble(DeliveryChannel channel, String home) {
        try {
            channel.checkAddress(home);
            return Optional.empty();
        } catch (InvalidInputException e) {
            return Optional.of(clean("its home target cannot be used: " + e.reason() + "; " + e.accepted()));
        } catch (RuntimeException | LinkageError e) {
            return Optional.of(clean("its channel " + Guard.words(e)));
        }
    }

    private String clean(String text) {
        return deliveries.redactor().redact(text);
    }
}
