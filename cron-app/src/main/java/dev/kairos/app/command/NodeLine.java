package dev.kairos.app.command;

import dev.kairos.app.terminal.TextWidth;
import dev.kairos.app.terminal.TimeText;
import dev.kairos.orchestrator.health.NodeHealth;
import dev.kairos.orchestrator.health.NodeNotes;
import dev.kairos.orchestrator.health.NodePlace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One node as {@code status} shows it. */
final class NodeLine {
    private final NodeHealth node;
    private final NodePlace here;
    private final String configured;
    private final Instant now;

    /**
     * A line.
     *
     * @param here where the command is called
     * @param configured the provider that is asked for now, which the node need not have read
     */
    NodeLine(NodeHealth node, NodePlace here, String configured, Instant now) {
        this.node = node;
        this.here = here;
        this.configured = configured;
        this.now = now;
    }

    /** What a person reads, its own troubles below it. */
    List<String> lines() {
        NodeNotes notes = node.notes();
        List<String> lines = new ArrayList<>();
        lines.add("  node " + node.node() + "  " + node.condition().word() + "  provider "
                + TextWidth.plain(node.provider().orElse("unknown"))
                + notes.provider()
                        .state()
                        .map(state -> " (" + TextWidth.plain(state) + ")")
                        .orElse("")
                + node.alive()
                        .map(at -> "  heartbeat " + TimeText.relative(at.isAfter(now) ? now : at, now))
                        .orElse("")
                + (node.advice().isEmpty() ? "" : "  " + TextWidth.plain(node.advice())));
        if (node.advice().isEmpty()) { // otherwise the advice says it
            node.error().ifPresent(error -> lines.add("    its last pass failed: " + TextWidth.plain(error)));
        }
        elsewhere().ifPresent(where -> lines.add("    of " + where));
        notes.storeSilentSince()
                .ifPresent(since -> lines.add("    its store has not answered since " + TimeText.machine(since) + ", "
                        + TimeText.relative(since, now)
                        + ": it goes on trying, keeps what its runs come to, and fires by policy what was missed"));
        instead().ifPresent(why -> lines.add("    " + TextWidth.plain(why)));
        notes.asked()
                .filter(asked -> elsewhere().isEmpty()
                        && !ProvidersCommand.plain(asked).equals(configured)) // of another home its own config decides
                .ifPresent(asked -> lines.add("    it began with cron.provider " + TextWidth.plain(asked)
                        + ": \"kairos provider switch " + configured + "\" or a restart changes that"));
        notes.desired()
                .ifPresent(desired -> lines.add("    " + desired + " triggers to be armed, last fire "
                        + notes.lastFire().map(at -> TimeText.relative(at, now)).orElse("none through this process")));
        ProviderLines.of(notes.provider(), now).forEach(line -> lines.add("    " + line));
        notes.http().ifPresent(address -> lines.add("    answers HTTP at " + TextWidth.plain(address)));
        notes.httpTrouble().ifPresent(why -> lines.add("    does not answer HTTP: " + TextWidth.plain(why)));
        if (!notes.stuckJobs().isEmpty()) {
            lines.add("    threads given up, of jobs " + TextWidth.plain(String.join(", ", notes.stuckJobs()))
                    + ": restart the daemon to end them");
        }
        return lines;
    }

    /** The home and the machine of a node that is not of this home. */
    private Optional<String> elsewhere() {
        NodePlace place = node.place();
        boolean isHere = place.home()
                        .filter(folder -> !folder.equals(here.home().orElse("")))
                        .isEmpty()
                && place.host()
                        .filter(host -> !here.host().equals(Optional.of(host)))
                        .isEmpty();
        return isHere
                ? Optional.empty()
                : place.home()
                        .map(folder -> "the home " + TextWidth.plain(folder)
                                + place.host()
                                        .map(host -> " on " + TextWidth.plain(host))
                                        .orElse(""));
    }

    private Optional<String> instead() {
        NodeNotes notes = node.notes();
        return notes.fallbackReason()
                .map(why -> "instead of " + notes.asked().orElse("another provider") + ": " + why)
                .or(() -> notes.coveredBecause().map(why -> "the built-in ticker covers for it: " + why));
    }

    Map<String, Object> tree() {
        NodeNotes notes = node.notes();
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("node", node.node());
        tree.put("condition", node.condition().word());
        node.place().host().ifPresent(host -> tree.put("host", host));
        node.place().home().ifPresent(folder -> tree.put("home", folder));
        node.pid().ifPresent(pid -> tree.put("pid", pid));
        node.provider().ifPresent(provider -> tree.put("provider", provider));
        notes.asked().ifPresent(asked -> tree.put("provider_asked", asked));
        notes.fallbackReason().ifPresent(why -> tree.put("fallback_reason", why));
        notes.coveredBecause().ifPresent(why -> tree.put("covered_because", why));
        notes.lastFire().ifPresent(at -> tree.put("last_fire", TimeText.machine(at)));
        notes.desired().ifPresent(desired -> tree.put("desired_triggers", desired));
        ProviderLines.put(notes.provider(), tree);
        node.alive().ifPresent(at -> tree.put("alive", TimeText.machine(at)));
        node.lastClean().ifPresent(at -> tree.put("last_clean", TimeText.machine(at)));
        node.error().ifPresent(error -> tree.put("error", error));
        notes.storeSilentSince().ifPresent(since -> tree.put("store_silent_since", TimeText.machine(since)));
        notes.http().ifPresent(address -> tree.put("http", address));
        notes.httpTrouble().ifPresent(why -> tree.put("http_trouble", why));
        tree.put("abilities", notes.abilities());
        tree.put("platforms", notes.platforms());
        tree.put("stuck_jobs", notes.stuckJobs());
        tree.put("advice", node.advice());
        return tree;
    }
}
