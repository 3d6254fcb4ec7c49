package dev.kairos.app.command;

import dev.kairos.api.env.NodeProbe;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.Lease;
import java.util.List;

/** Which nodes work on the home's store, as far as this machine can tell. */
final class LiveNodes {
    private static final String REMARK =
            "Nothing fires here now: start the daemon with \"kairos serve\", or let something call \"kairos tick\".";

    private LiveNodes() {}

    /** Members of the store that are not known to be dead. */
    static List<Lease> of(JobStore store, NodeProbe probe) {
        return store.nodes().leases().stream()
                .filter(lease -> probe.livenessOf(lease.node()) != NodeProbe.Liveness.DEAD)
                .toList();
    }

    static int count(Session session) {
        return session.opened()
                .map(home -> of(home.store(), session.environment().nodeProbe()).size())
                .orElse(0);
    }

    /** Says so when no daemon lives on this home. */
    static void remark(Session session) {
        if (count(session) == 0) {
            session.say(session.style().odd(REMARK));
        }
    }
}
