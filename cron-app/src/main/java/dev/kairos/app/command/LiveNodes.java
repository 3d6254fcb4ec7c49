package dev.kairos.app.command;

import dev.kairos.api.env.Environment;
import dev.kairos.api.env.NodeIdentity;
import dev.kairos.api.env.NodeProbe;
import dev.kairos.api.env.NodeProbe.Liveness;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.Lease;
import dev.kairos.builtin.RestingProvider;
import dev.kairos.orchestrator.health.HeartbeatReader;
import dev.kairos.orchestrator.health.NodeHealth;
import java.util.List;
import java.util.stream.Stream;

/** Which nodes work on the home's store, as far as this machine can tell. */
final class LiveNodes {
    private static final String REMARK =
            "Nothing fires here now: start the daemon with \"kairos serve\", or let something call \"kairos tick\".";

    private LiveNodes() {}

    /** Members of the store that are not known to be dead. */
    static List<Lease> of(JobStore store, NodeProbe probe) {
        return store.nodes().leases().stream()
                .filter(lease -> probe.livenessOf(lease.node()) != Liveness.DEAD)
                .toList();
    }

    /**
     * How those are that fire by themselves: they have a heartbeat, or live where this machine cannot see one. The others
     * are commands, which fire once and end.
     */
    static List<NodeHealth> daemons(OpenHome home, Environment environment) {
        HeartbeatReader heartbeats = new HeartbeatReader(environment, home.folder());
        return members(home, environment, heartbeats, true).map(heartbeats::of).toList();
    }

    /** The ids of the nodes that are commands. */
    static List<String> commands(OpenHome home, Environment environment) {
        return members(home, environment, new HeartbeatReader(environment, home.folder()), false)
                .map(NodeIdentity::id)
                .toList();
    }

    private static Stream<NodeIdentity> members(
            OpenHome home, Environment environment, HeartbeatReader heartbeats, boolean ofDaemons) {
        NodeProbe probe = environment.nodeProbe();
        return of(home.store(), probe).stream()
                .map(Lease::node)
                .filter(node ->
                        ofDaemons == (heartbeats.isThere(node.id()) || probe.livenessOf(node) == Liveness.UNKNOWN));
    }

    /** How many may fire by themselves just now. */
    static long count(Session session) {
        return session.opened()
                .map(home -> daemons(home, session.environment()).stream()
                        .filter(NodeHealth::mayFire)
                        .count())
                .orElse(0L);
    }

    /** Whether the provider's triggers fire without a daemon. */
    static boolean isFiredFromOutside(Session session) {
        return ProvidersCommand.isExternal(session)
                && session.opened()
                        .map(session::restingProvider)
                        .filter(RestingProvider::outlivesProcess)
                        .isPresent();
    }

    /** Says so when no daemon fires on this home. */
    static void remark(Session session) {
        if (count(session) == 0 && !isFiredFromOutside(session)) {
            session.say(session.style().odd(REMARK));
        }
    }
}
