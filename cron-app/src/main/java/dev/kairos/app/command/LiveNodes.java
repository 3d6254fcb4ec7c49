package dev.kairos.app.command;

import dev.kairos.api.env.Environment;
import dev.kairos.api.env.NodeIdentity;
import dev.kairos.api.env.NodeProbe;
import dev.kairos.api.env.NodeProbe.Liveness;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.Lease;
import dev.kairos.api.store.NodeNote;
import dev.kairos.builtin.RestingProvider;
import dev.kairos.orchestrator.health.CommandNote;
import dev.kairos.orchestrator.health.HeartbeatReader;
import dev.kairos.orchestrator.health.NodeHealth;
import dev.kairos.orchestrator.health.NodePlace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

    /** How those are that fire by themselves, of whichever home and machine; the others are commands. */
    static List<NodeHealth> daemons(OpenHome home, Environment environment) {
        return look(home, environment).daemons();
    }

    /** Those of them that read this home's folder: they have a heartbeat in it. Some may stand still. */
    static List<NodeHealth> ofThisHome(OpenHome home, Environment environment) {
        HeartbeatReader heartbeats = new HeartbeatReader(environment, home.folder());
        return daemons(home, environment).stream()
                .filter(daemon -> heartbeats.isThere(daemon.node()))
                .toList();
    }

    /**
     * All that are not known to be dead. A daemon that was stopped for longer than its lease lasts is one of them: it joins
     * anew when it goes on.
     *
     * @param daemons those that fire by themselves: they have a heartbeat in this home, or say in the store how they are;
     *     and those that say nothing, which may; last those of this home that stand still and are no members any more
     * @param commands the ids of the others, which say that they fire only what they are told to
     */
    record Members(List<NodeHealth> daemons, List<String> commands) {}

    static Members look(OpenHome home, Environment environment) {
        HeartbeatReader heartbeats = new HeartbeatReader(environment, home.folder());
        NodeProbe probe = environment.nodeProbe();
        Map<String, NodeNote> notes = new HashMap<>();
        home.store().nodes().notes().forEach(note -> notes.put(note.node(), note));
        List<NodeHealth> daemons = new ArrayList<>();
        List<String> commands = new ArrayList<>();
        Set<String> members = new HashSet<>();
        for (Lease lease : of(home.store(), probe)) {
            NodeIdentity node = lease.node();
            members.add(node.id());
            NodeNote note = notes.get(node.id());
            if (heartbeats.isThere(node.id())) {
                daemons.add(heartbeats.of(node));
            } else if (note == null) { // it may be anything, and what may fire is not passed over
                daemons.add(heartbeats.ofSilent(node));
            } else if (CommandNote.is(note)) {
                commands.add(node.id());
            } else {
                daemons.add(heartbeats.of(node, note));
            }
        }
        standingStill(heartbeats).stream()
                .filter(daemon -> !members.contains(daemon.node()))
                .forEach(daemons::add);
        return new Members(daemons, commands);
    }

    /** None where the folder of heartbeats cannot be read, which {@code doctor} names. */
    static List<NodeHealth> standingStill(HeartbeatReader heartbeats) {
        try {
            return heartbeats.standingStill();
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    /** Where a command is called. */
    static NodePlace here(Session session) {
        return new NodePlace(
                session.environment().nodeProbe().host(),
                Optional.of(session.home().toString()));
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
