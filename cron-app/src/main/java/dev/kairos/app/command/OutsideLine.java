package dev.kairos.app.command;

import dev.kairos.builtin.RestingProvider;
import dev.kairos.orchestrator.health.ProviderNotes;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A provider whose triggers fire without a daemon, as {@code status} and {@code doctor} show it. */
final class OutsideLine {
    private final Session session;
    private final RestingProvider provider;
    private final ProviderNotes notes;

    private OutsideLine(Session session, RestingProvider provider) {
        this.session = session;
        this.provider = provider;
        this.notes = provider.look();
    }

    /** Empty where the configured provider needs a daemon. */
    static Optional<OutsideLine> of(Session session, OpenHome home) {
        if (!ProvidersCommand.isExternal(session)) {
            return Optional.empty();
        }
        RestingProvider provider = session.restingProvider(home);
        return provider.outlivesProcess() ? Optional.of(new OutsideLine(session, provider)) : Optional.empty();
    }

    /** Why the external provider that is asked for cannot be used here, a sentence; no daemon says it where none lives. */
    static Optional<String> unusable(Session session, OpenHome home) {
        return ProvidersCommand.isExternal(session)
                ? session.restingProvider(home).fallbackReason()
                : Optional.empty();
    }

    /** Whether it works, and has armed what it should as far as it can tell. */
    boolean isHealthy() {
        return !notes.isFailing()
                && notes.difference().isEmpty()
                && notes.unregistered().isEmpty();
    }

    void tell(Map<String, Object> tree, Instant now) {
        int desired = provider.desired();
        session.say("  no daemon lives here; provider " + provider.name() + " fires from outside, " + desired
                + " triggers to be armed");
        ProviderLines.of(notes, now).forEach(line -> session.say("    " + line));
        tree.put("provider", provider.name());
        tree.put("desired_triggers", desired);
        ProviderLines.put(notes, tree);
    }

    void look(List<Finding> findings) {
        ProviderLines.findings("provider " + provider.name(), notes, findings);
        notes.difference()
                .ifPresent(text -> findings.add(new Finding(
                        "Provider",
                        "provider " + provider.name() + " has not armed what it should: " + text,
                        "any command that changes a job arms it anew, and so does: kairos tick")));
    }
}
