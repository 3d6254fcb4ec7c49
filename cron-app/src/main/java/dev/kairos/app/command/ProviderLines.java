package dev.kairos.app.command;

import dev.kairos.app.terminal.TextWidth;
import dev.kairos.app.terminal.TimeText;
import dev.kairos.orchestrator.health.ProviderNotes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a provider says of itself, and how its registry stands, as {@code status} and {@code doctor} show it. */
final class ProviderLines {
    private static final String GROUP = "Provider";

    private ProviderLines() {}

    /** What a person reads; nothing where nothing is known. */
    static List<String> of(ProviderNotes notes, Instant now) {
        List<String> lines = new ArrayList<>();
        if (notes.isFailing()) {
            lines.add("it says that it does not work"
                    + notes.healthDetail()
                            .map(text -> ": " + TextWidth.plain(text))
                            .orElse(""));
        }
        notes.armed()
                .ifPresent(count -> lines.add("it has " + count + " triggers armed"
                        + notes.difference()
                                .map(text -> "; " + TextWidth.plain(text))
                                .orElse(", as it should")
                        + notes.reconciledAt()
                                .map(at -> "; reconciled " + TimeText.relative(at, now))
                                .orElse("")));
        notes.unregistered()
                .ifPresent(why ->
                        lines.add("not registered yet: " + TextWidth.plain(why) + "; it is tried again by itself"));
        return lines;
    }

    static void put(ProviderNotes notes, Map<String, Object> tree) {
        notes.state().ifPresent(state -> tree.put("provider_state", state));
        notes.health().ifPresent(health -> tree.put("provider_health", health));
        notes.healthDetail().ifPresent(detail -> tree.put("provider_health_detail", detail));
        notes.armed().ifPresent(count -> tree.put("armed_triggers", count));
        notes.difference().ifPresent(text -> tree.put("armed_difference", text));
        notes.unregistered().ifPresent(why -> tree.put("unregistered", why));
        notes.reconciledAt().ifPresent(at -> tree.put("reconciled_at", TimeText.machine(at)));
    }

    /** What doctor has to say of it. */
    static void findings(String who, ProviderNotes notes, List<Finding> findings) {
        if (notes.isFailing()) {
            findings.add(new Finding(
                    GROUP,
                    who + " says that it does not work"
                            + notes.healthDetail().map(text -> ": " + text).orElse(""),
                    "see to what it needs; the built-in ticker covers when it does not fire"));
        }
        notes.unregistered()
                .ifPresent(why -> findings.add(new Finding(
                        GROUP,
                        who + " has not registered what it should: " + why,
                        "see to what it needs; it is tried again by itself")));
    }
}
