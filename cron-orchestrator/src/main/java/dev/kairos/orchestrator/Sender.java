package dev.kairos.orchestrator;

import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.env.Environment;
import dev.kairos.api.store.EnvelopeClaimRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims due envelopes that this node can deliver and hands each to a thread of its own, as many as there are senders;
 * ends calls of channels that take too long. What a send is, {@link SendPath} says.
 */
final class Sender {
    private static final Logger LOG = LoggerFactory.getLogger("cron.delivery");

    /** The longest a channel may take for one part; after it its thread is interrupted. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** How long a thread may ignore that before its sender is free again. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** How long ago a send began that is given up now. */
    static final Duration GIVEN_UP_AFTER = LIMIT.plus(PATIENCE);

    private final OrchestratorParts parts;
    private final Environment environment;
    private final Paths paths;
    private final Runnable wake;
    private final Object lock = new Object();
    private final Map<String, HeldEnvelope> inHand = new LinkedHashMap<>();
    /** Whether a claim may have been committed whose answer never came; only touched by passes, which never overlap. */
    private boolean isClaimUncertain;
    /** Whether a thread left an envelope in this node's name. */
    private final AtomicBoolean isAnyLeft = new AtomicBoolean();

    /** Where envelopes go from here. */
    record Paths(EnvelopeWrites writes, SendPath sends, LostSends lost) {}

    Sender(OrchestratorParts parts, Paths paths, Runnable wake) {
        this.parts = parts;
        this.environment = parts.environment();
        this.paths = paths;
        this.wake = wake;
    }

    int free() {
        synchronized (lock) {
            return Math.max(0, parts.settings().maxParallelSends() - inHand.size());
        }
    }

    boolean isIdle() {
        synchronized (lock) {
            return inHand.isEmpty();
        }
    }

    void interruptAll() {
        held().forEach(HeldEnvelope::interrupt);
    }

    private List<HeldEnvelope> held() {
        synchronized (lock) {
            return List.copyOf(inHand.values());
        }
    }

    /** Claims as many due envelopes as there are free senders and hands them over. Answers how many. */
    int pass(String node) {
        if (isAnyLeft.getAndSet(false) | isClaimUncertain) {
            isClaimUncertain = true; // until all of it is put back
            putBackUnheld(node);
            isClaimUncertain = false;
        }
        int free = free();
        if (free == 0) {
            return 0;
        }
        isClaimUncertain = true; // until the answer is here, a claim may be committed that nobody holds
        EnvelopeClaimRequest request = new EnvelopeClaimRequest(node, environment.now(), free, parts.platforms());
        List<HeldEnvelope> due = parts.store().outbox().claimDue(request).stream()
                .map(this::hold)
                .toList();
        isClaimUncertain = false;
        due.forEach(this::handOver);
        return due.size();
    }

    private HeldEnvelope hold(Envelope envelope) {
        HeldEnvelope held = new HeldEnvelope(envelope, environment);
        synchronized (lock) {
            inHand.put(envelope.id(), held);
        }
        return held;
    }

    private void handOver(HeldEnvelope held) {
        paths.writes().publish(held.envelope());
        try {
            held.runsOn(environment.start("cron-send", () -> {
                boolean isSettled = false;
                try {
                    isSettled = paths.sends().send(held);
                } finally {
                    release(held, isSettled);
                    wake.run();
                }
            }));
        } catch (RuntimeException | Error e) { // the other envelopes and the due jobs go on
            LOG.error(
                    "cron.delivery-no-thread envelope={} give the process more threads or memory",
                    held.envelope().id(),
                    e);
            release(held, false);
        }
    }

    private void release(HeldEnvelope held, boolean isSettled) {
        synchronized (lock) {
            inHand.remove(held.envelope().id(), held);
        }
        if (!isSettled) {
            isAnyLeft.set(true); // the next pass puts it back
        }
    }

    /**
     * Interrupts channels that take longer than {@link #LIMIT}; one that ignores it is given up, its fate unknown and its
     * sender free. Answers how long until the next look.
     */
    Duration enforce() {
        Duration now = environment.uptime();
        Duration wait = LIMIT;
        List<HeldEnvelope> lost = new ArrayList<>();
        for (HeldEnvelope held : held()) {
            Optional<Duration> calledAt = held.calledAt();
            if (calledAt.isPresent()) {
                Duration taken = now.minus(calledAt.get());
                Duration left = LIMIT.minus(taken);
                if (taken.compareTo(LIMIT) >= 0) {
                    held.interrupt();
                    left = LIMIT.plus(PATIENCE).minus(taken);
                }
                if (left.isNegative() || left.isZero()) {
                    lost.add(held);
                } else if (left.compareTo(wait) < 0) {
                    wait = left;
                }
            }
        }
        lost.stream().filter(HeldEnvelope::giveUp).forEach(this::giveUp);
        return wait;
    }

    /** On a thread of its own: the store may be silent and the channel hang, and other deadlines must not wait for them. */
    private void giveUp(HeldEnvelope held) {
        try {
            environment.start("cron-give-up", () -> settle(held));
        } catch (RuntimeException | Error e) {
            LOG.warn("cron.give-up-no-thread envelope={}", held.envelope().id(), e);
            settle(held);
        }
    }

    private void settle(HeldEnvelope held) {
        boolean isSettled = false;
        try {
            isSettled = paths.lost().giveUp(held.envelope());
        } finally {
            release(held, isSettled);
            wake.run();
        }
    }

    /** What stands in this node's name while no thread of it holds it: a claim whose answer was lost, or an own fault. */
    private void putBackUnheld(String node) {
        List<Envelope> own = parts.store().outbox().list(Optional.empty(), Recovery.IN_HAND, Integer.MAX_VALUE).stream()
                .filter(envelope -> envelope.node().filter(node::equals).isPresent())
                .toList();
        for (Envelope envelope : own) {
            boolean isHeld;
            synchronized (lock) {
                isHeld = inHand.containsKey(envelope.id());
            }
            if (!isHeld) {
                paths.lost().putBack(envelope);
            }
        }
    }
}
