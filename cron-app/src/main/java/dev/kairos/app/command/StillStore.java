package dev.kairos.app.command;

import dev.kairos.api.env.NodeProbe;
import dev.kairos.api.env.NodeProbe.Liveness;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.Lease;
import dev.kairos.orchestrator.health.HeartbeatReader;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * A store on which nobody works. A node that this machine knows nothing of lives if its lease is renewed while it is looked
 * at, and counts as gone where it is not, as for every other node. Used by one thread.
 */
final class StillStore {
    /** A node renews every two seconds; one that did not for ten is taken for dead. */
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(11);

    private static final Duration PAUSE = Duration.ofMillis(250);

    private final Session session;
    private final JobStore store;
    private final String which;
    private final Map<String, Long> silent = new HashMap<>();

    private StillStore(Session session, JobStore store, String which) {
        this.session = session;
        this.store = store;
        this.which = which;
    }

    /**
     * Looks at a store, for some seconds where there are leases of other machines.
     *
     * @param which what it is called in messages
     * @throws CommandFailure if somebody works on it
     */
    static StillStore of(Session session, JobStore store, String which) {
        StillStore still = new StillStore(session, store, which);
        still.watch();
        return still;
    }

    private void watch() {
        NodeProbe probe = session.environment().nodeProbe();
        for (Lease lease : LiveNodes.of(store, probe)) {
            Liveness liveness = probe.livenessOf(lease.node());
            if (liveness == Liveness.ALIVE || liveness == Liveness.STOPPED) { // which goes on some day
                throw live(lease);
            }
            silent.put(lease.node().id(), lease.beat());
        }
        if (silent.isEmpty()) {
            return;
        }
        session.note("waiting " + LONG_ENOUGH.toSeconds() + " s for a sign of life of "
                + String.join(", ", silent.keySet()) + ", which left " + which + " without a word");
        Duration begun = session.environment().uptime();
        while (session.environment().uptime().minus(begun).compareTo(LONG_ENOUGH) < 0) {
            pause();
            requireStill();
        }
        session.note("none came: taken for dead");
    }

    /**
     * Looks for daemons of the home that stand still: such a one may be no member of its store any more, and joins anew when it
     * goes on.
     *
     * @throws CommandFailure if there is one
     */
    static void requireNoneStopped(Session session) {
        HeartbeatReader heartbeats = new HeartbeatReader(session.environment(), session.home());
        LiveNodes.standingStill(heartbeats).stream().findFirst().ifPresent(daemon -> {
            throw CommandFailure.failed(
                    "the daemon " + daemon.node()
                            + " of this home stands still, and works on its store when it goes on",
                    daemon.advice() + "; then stop it, and start this again");
        });
    }

    /**
     * Looks again.
     *
     * @throws CommandFailure if somebody works on it now
     */
    void requireStill() {
        for (Lease lease : LiveNodes.of(store, session.environment().nodeProbe())) {
            Long beat = silent.get(lease.node().id());
            if (beat == null || beat != lease.beat()) {
                throw live(lease);
            }
        }
    }

    private CommandFailure live(Lease lease) {
        return CommandFailure.failed(
                "node " + lease.node().id() + " (process " + lease.node().pid() + ") works on " + which,
                "stop every \"kairos serve\" on both stores; kairos status names them");
    }

    private void pause() {
        try {
            session.environment().sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailure.failed("interrupted before anything was copied", "start it again");
        }
    }
}
