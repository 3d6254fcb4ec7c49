package dev.kairos.orchestrator;

import dev.kairos.api.env.Environment;
import dev.kairos.api.env.NodeIdentity;
import dev.kairos.api.env.NodeProbe;
import dev.kairos.api.store.Lease;
import dev.kairos.api.store.Nodes;
import dev.kairos.api.store.StoreException;
import dev.kairos.orchestrator.plan.Ids;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * This node's lease and its view of the others (architecture.md §6, nodes). A lease carries no clock: an observer judges
 * by its own monotonic time how long a beat stood still while the store answered: time in which it could not look (the
 * store was silent, the observer itself slept) says nothing about anybody.
 */
final class Membership {
    /** How often the lease is renewed and the others are looked at. */
    static final Duration BEAT = Duration.ofSeconds(2);

    /** A beat that stood still this long is dead. */
    static final Duration EXPIRY = Duration.ofSeconds(10);

    /** Without a renewal for this long the node starts nothing. */
    static final Duration CAUTION = Duration.ofSeconds(8);

    /**
     * How long others have to come back after a silence of the store and to write what ended meanwhile: the time until one
     * that does not is dead, and as long again, for a connection that went silent is given up only after some seconds.
     */
    private static final Duration REUNION = EXPIRY.multipliedBy(2);

    private final StoreClock clock;
    /** Its own clocks alone say how long a renewal was ago: the store's may be set meanwhile. */
    private final Environment environment;

    private final Nodes nodes;
    private final Events events;
    private final ClockWarning warning;
    private final Object lock = new Object();
    private final Map<String, Seen> seen = new HashMap<>();
    private NodeIdentity self;
    private Duration renewedAt;
    private Instant renewedAtWall;
    private boolean isMember;
    private boolean isSilent;
    /** When, in uptime, the store was last known to have been away from this node; empty if it never was. */
    private Optional<Duration> awayAt = Optional.empty();

    /** The longest time that one look adds to how long a beat stood still: more was not observed. */
    private static final Duration LOOK = BEAT.multipliedBy(2);

    /** A beat, how long it was seen to stand still, and when it was last looked at. */
    private record Seen(long beat, Duration stillFor, Duration lookedAt) {
        Seen lookedAgain(Duration now) {
            Duration since = now.minus(lookedAt);
            return new Seen(beat, stillFor.plus(since.compareTo(LOOK) > 0 ? LOOK : since), now);
        }
    }

    Membership(StoreClock clock, Nodes nodes, Events events) {
        this.clock = clock;
        this.environment = clock.machine();
        this.nodes = nodes;
        this.events = events;
        this.warning = new ClockWarning(clock, events);
        this.self = anew(environment.nodeProbe().self());
        this.renewedAt = environment.uptime();
        this.renewedAtWall = environment.now();
    }

    /** This node's id in the store now; another one after each loss of its lease. */
    String node() {
        synchronized (lock) {
            return self.id();
        }
    }

    /** Joins, under a fresh identity if the one before was lost. */
    void join() {
        NodeIdentity joining;
        synchronized (lock) {
            joining = self;
        }
        Duration begun = environment.uptime();
        Instant begunWall = environment.now();
        nodes.join(joining);
        readClock();
        synchronized (lock) {
            isMember = true;
            awayAt = awayAt.map(before -> environment.uptime());
            renewedAt = begun;
            renewedAtWall = begunWall;
        }
        events.publish("cron.node-joined", "node", joining.id());
    }

    /** The lease of the given id is gone: from now on nothing starts under it. Answers false if it was given up before. */
    boolean lost(String node) {
        synchronized (lock) {
            if (!self.id().equals(node)) {
                return false;
            }
            becomeAnother();
        }
        events.publishWarning("cron.node-lost", "node", node);
        return true;
    }

    /**
     * Gives up an identity whose opening failed half-way. It may be a member that nobody renews: joining again under the
     * same name would begin with the same beat, and an observer would take the newcomer for the one that stood still.
     */
    void abandon() {
        synchronized (lock) {
            becomeAnother();
        }
    }

    private void becomeAnother() {
        isMember = false;
        awayAt = Optional.of(environment.uptime());
        self = anew(self);
    }

    /** The same process under a name of its own for this membership: what one before it left behind is recovered. */
    private NodeIdentity anew(NodeIdentity same) {
        String nonce = Ids.execution(environment.random());
        return same.withNonce(nonce);
    }

    /** Whether the node may start work: a member whose last renewal is recent by both clocks. */
    boolean mayStart() {
        Duration uptime = environment.uptime();
        Instant wall = environment.now();
        synchronized (lock) {
            Duration monotonic = uptime.minus(renewedAt);
            Duration byWall = Duration.between(renewedAtWall, wall).abs(); // one that went back vouches for nothing
            Duration larger = monotonic.compareTo(byWall) > 0 ? monotonic : byWall;
            return isMember && larger.compareTo(CAUTION) < 0;
        }
    }

    /** Whether this node is still a member under the given id, as far as it knows. */
    boolean isMember(String node) {
        synchronized (lock) {
            return isMember && self.id().equals(node);
        }
    }

    /**
     * What time it is by the store. Before the node may start anything, for its own clock says little: it may be wrong, and
     * the machine may have slept.
     */
    private void readClock() {
        clock.measure();
        warning.look();
    }

    /** Renews the lease of the given id of this node. Answers false once it is gone. */
    boolean renew(String node) {
        Duration begun = environment.uptime();
        Instant begunWall = environment.now();
        boolean isKept;
        try {
            isKept = nodes.renew(node);
            if (isKept) {
                readClock();
            }
        } catch (StoreException e) {
            synchronized (lock) {
                isSilent = true;
                awayAt = Optional.of(environment.uptime());
            }
            throw e;
        }
        synchronized (lock) {
            if (isSilent || begun.minus(renewedAt).compareTo(CAUTION) >= 0) {
                awayAt = Optional.of(environment.uptime());
            }
            isSilent = false;
            if (isKept) {
                isMember |= self.id().equals(node); // a join whose answer was lost
                renewedAt = begun;
                renewedAtWall = begunWall;
            }
        }
        return isKept;
    }

    /**
     * Whether the store answers this node again since a time in which another that was cut off too is back, or taken for
     * dead: until then a run of another node may be over without a word of it in the store.
     */
    boolean isJustBack() {
        Duration uptime = environment.uptime();
        synchronized (lock) {
            return awayAt.filter(away -> uptime.minus(away).compareTo(REUNION) < 0)
                    .isPresent();
        }
    }

    /** The store did not answer something else than a renewal, or nobody here knows whether it did. */
    void wasAway() {
        Duration uptime = environment.uptime();
        synchronized (lock) {
            awayAt = Optional.of(uptime);
        }
    }

    /** Since when, by the machine's clock, the store has not answered; empty while it does. */
    Optional<Instant> storeSilentSince() {
        synchronized (lock) {
            return isSilent ? Optional.of(renewedAtWall) : Optional.empty();
        }
    }

    /**
     * Looks at the others and takes membership from those that are dead, whatever becomes of one of them. Answers whether
     * any was.
     *
     * @throws StoreException if the store refused to take one away, and none was
     */
    boolean observe() {
        List<Lease> leases = nodes.leases();
        Duration now = environment.uptime();
        List<Lease> dead = new ArrayList<>();
        synchronized (lock) {
            Set<String> present = new HashSet<>();
            for (Lease lease : leases) {
                String id = lease.node().id();
                present.add(id);
                if (id.equals(self.id())) {
                    continue;
                }
                Seen before = seen.get(id);
                Seen after = before == null || before.beat() != lease.beat()
                        ? new Seen(lease.beat(), Duration.ZERO, now)
                        : before.lookedAgain(now);
                seen.put(id, after);
                if (after.stillFor().compareTo(EXPIRY) >= 0) {
                    dead.add(lease);
                }
            }
            seen.keySet().retainAll(present);
        }
        boolean isAnyGone = false;
        StoreException refused = null;
        for (Lease lease : leases) {
            boolean isDead = dead.contains(lease)
                    || !lease.node().id().equals(node())
                            && environment.nodeProbe().livenessOf(lease.node()) == NodeProbe.Liveness.DEAD;
            try {
                if (isDead && nodes.expel(lease.node().id(), lease.beat())) {
                    events.publishWarning(
                            "cron.node-expelled", "node", lease.node().id());
                    isAnyGone = true;
                }
            } catch (StoreException e) {
                refused = e; // it is looked at again at the next beat
            }
        }
        if (refused != null && !isAnyGone) {
            throw refused;
        }
        return isAnyGone;
    }

    /** The ids of all members. */
    Set<String> members() {
        Set<String> ids = new HashSet<>();
        nodes.leases().forEach(lease -> ids.add(lease.node().id()));
        return ids;
    }

    void leave() {
        synchronized (lock) {
            isMember = false;
        }
        String leaving = node();
        nodes.leave(leaving);
        events.publish("cron.node-left", "node", leaving);
    }
}
