package dev.kairos.app.command;

import dev.kairos.builtin.RestingProvider;
import dev.kairos.orchestrator.PlainWords;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is left to do after a command that may have moved a due instant, while no daemon lives: a provider whose triggers
 * outlive the process is bound and reconciles (architecture.md §3). A live daemon learns of the change by itself.
 */
final class Registration {
    private static final Logger LOG = LoggerFactory.getLogger("cron.provider");

    private Registration() {}

    /** Does it; what goes wrong is said, and changes nothing about the command's answer. */
    static void settle(Session session) {
        if (!session.isChanging() || !ProvidersCommand.isExternal(session)) {
            return;
        }
        Optional<String> note;
        try {
            note = settled(session);
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("cron.provider nothing could be registered", e);
            note = Optional.of(notYet(PlainWords.of(e)));
        }
        note.ifPresent(session::note);
    }

    /** Has it reconcile, and answers what there is to say of it. */
    static Optional<String> reconcile(RestingProvider provider) {
        return provider.reconcile()
                .map(Registration::notYet)
                .or(() -> provider.complaint()
                        .map(why -> "saved, but provider " + provider.name() + " says that it does not work: " + why));
    }

    private static String notYet(String why) {
        return "saved, not registered yet: " + why
                + "; it is tried again with the next change of a job, and by: kairos tick";
    }

    /** One that stands still notices nothing until it goes on, and then reconciles too. */
    private static boolean isDaemonAtWork(OpenHome home, Session session) {
        return LiveNodes.ofThisHome(home, session.environment()).stream().anyMatch(daemon -> !daemon.isStopped());
    }

    private static Optional<String> settled(Session session) {
        Optional<OpenHome> home = session.opened();
        if (home.isEmpty() || isDaemonAtWork(home.get(), session)) {
            return Optional.empty();
        }
        session.io().out().flush();
        RestingProvider provider = session.restingProvider(home.get());
        if (provider.fallbackReason().isPresent()) {
            return provider.fallbackReason().map(Registration::notYet);
        }
        return provider.outlivesProcess() ? reconcile(provider) : Optional.empty();
    }
}
