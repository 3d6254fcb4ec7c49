package dev.kairos.orchestrator;

import dev.kairos.api.delivery.DeliveryChannel;
import dev.kairos.api.delivery.DeliveryException;
import dev.kairos.api.delivery.DeliveryMessage;
import dev.kairos.api.delivery.Envelope;
import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.env.Environment;
import dev.kairos.api.env.Task;
import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.store.StoreException;
import dev.kairos.orchestrator.delivery.Targets;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends due envelopes from the kept output, each on a thread of its own: never for an execution that must run again, never
 * to a target that has it (behaviour.md §5).
 */
final class Sender {
    private static final Logger LOG = LoggerFactory.getLogger("cron.delivery");
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(24);
    private static final Duration STORE_WAIT = Duration.ofMillis(500);

    /** The longest a send may take; after it the send is interrupted. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final OrchestratorParts parts;
    private final Environment environment;
    private final Membership membership;
    private final Events events;
    private final BooleanSupplier isGivingUp;
    private final Runnable wake;
    private final Object lock = new Object();
    private final Map<String, InHand> inHand = new LinkedHashMap<>();
    /** Whether an envelope may be in this node's name that no thread of it holds. */
    private volatile boolean isUncertain;

    /** An envelope that a thread of this node holds. */
    private static final class InHand {
        private final Duration since;
        private @Nullable Task task;

        InHand(Duration since) {
            this.since = since;
        }
    }

    Sender(OrchestratorParts parts, Membership membership, Events events, BooleanSupplier isGivingUp, Runnable wake) {
        this.parts = parts;
        this.environment = parts.environment();
        this.membership = membership;
        this.events = events;
        this.isGivingUp = isGivingUp;
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
        List<Task> tasks;
        synchronized (lock) {
            tasks = inHand.values().stream()
                    .map(held -> held.task)
                    .filter(Objects::nonNull)
                    .toList();
        }
        tasks.forEach(Task::interrupt);
    }

    /** Claims as many due envelopes as there are free senders and hands them over. Answers how many. */
    int pass(String node) {
        if (isUncertain) {
            putBackUnheld(node);
        }
        int free = free();
        if (free == 0) {
            return 0;
        }
        isUncertain = true; // until the answer is here, a claim may be committed that nobody holds
        List<Envelope> due = parts.store().outbox().claimDue(node, environment.now(), free);
        due.forEach(this::hold);
        isUncertain = false;
        due.forEach(this::handOver);
        return due.size();
    }

    private void hold(Envelope envelope) {
        InHand held = new InHand(environment.uptime());
        synchronized (lock) {
            inHand.put(envelope.id(), held);
        }
    }

    private void handOver(Envelope envelope) {
        Task task = start(envelope, () -> {
            try {
                send(envelope);
            } catch (RuntimeException e) {
                LOG.error("cron.delivery-failed envelope={}", envelope.id(), e);
                isUncertain = true;
            } finally {
                synchronized (lock) {
                    inHand.remove(envelope.id());
                }
                wake.run();
            }
        });
        synchronized (lock) {
            InHand held = inHand.get(envelope.id());
            if (held != null) {
                held.task = task;
            }
        }
    }

    private Task start(Envelope envelope, Runnable body) {
        try {
            return environment.start("cron-send", body);
        } catch (RuntimeException | Error e) {
            synchronized (lock) {
                inHand.remove(envelope.id());
            }
            isUncertain = true; // it is put back by the next pass
            throw e;
        }
    }

    /**
     * Interrupts sends that take longer than {@link #LIMIT}: their fate is unknown then. Answers how long until the next
     * look.
     */
    Duration enforce() {
        Duration now = environment.uptime();
        Duration wait = LIMIT;
        List<Task> overdue = new ArrayList<>();
        synchronized (lock) {
            for (InHand held : inHand.values()) {
                Duration left = held.since.plus(LIMIT).minus(now);
                if (!left.isNegative() && !left.isZero()) {
                    wait = left.compareTo(wait) < 0 ? left : wait;
                } else if (held.task != null) {
                    overdue.add(held.task);
                }
            }
        }
        overdue.forEach(Task::interrupt);
        return wait;
    }

    /** What stands in this node's name while no thread of it holds it: a claim whose answer was lost, or an own fault. */
    private void putBackUnheld(String node) {
        List<Envelope> own = parts
                .store()
                .outbox()
                .list(Optional.empty(), Set.of(EnvelopeState.CLAIMED, EnvelopeState.SENDING), Integer.MAX_VALUE)
                .stream()
                .filter(envelope -> envelope.node().filter(node::equals).isPresent())
                .toList();
        for (Envelope envelope : own) {
            boolean isHeld;
            synchronized (lock) {
                isHeld = inHand.containsKey(envelope.id());
            }
            if (!isHeld) {
                recover(envelope);
            }
        }
    }

    private void send(Envelope envelope) {
        Optional<Job> job = parts.store().jobs().find(envelope.jobId());
        Optional<Execution> row = parts.store().ledger().find(envelope.executionId());
        if (job.isEmpty() || row.isEmpty()) {
            record(envelope.ended(EnvelopeState.CANCELLED, Optional.of("its job was removed")));
            return;
        }
        Optional<String> text = text(envelope, job.get(), row.get());
        if (text.isEmpty()) {
            record(envelope.ended(
                    EnvelopeState.FAILED, Optional.of("the kept output is gone; run the job again to send anew")));
            return;
        }
        String platform = Targets.platformOf(envelope.target());
        String address = Targets.addressOf(envelope.target());
        Optional<DeliveryChannel> channel = parts.channel(platform);
        if (channel.isEmpty()) {
            record(envelope.ended(
                    EnvelopeState.FAILED,
                    Optional.of("no channel delivers to '" + platform + "'; install it or edit the job's deliver")));
            return;
        }
        Envelope open = envelope.sending();
        if (!mark(open)) {
            return;
        }
        DeliveryMessage message =
                new DeliveryMessage(address, text.get(), open.id(), job.get().displayName());
        try {
            String receipt = channel.get().send(message);
            record(open.withReceipt(receipt).ended(EnvelopeState.DELIVERED, Optional.empty()));
        } catch (DeliveryException e) {
            record(afterFailure(open, channel.get(), e.kind(), String.valueOf(e.getMessage()), e.retryAfter()));
        } catch (InterruptedException e) {
            Thread.interrupted();
            record(afterFailure(
                    open,
                    channel.get(),
                    DeliveryException.Kind.UNKNOWN_FATE,
                    "stopped while sending",
                    Optional.empty()));
        } catch (Throwable e) {
            LOG.error("cron.channel-threw platform={} envelope={}", platform, open.id(), e);
            record(afterFailure(
                    open, channel.get(), DeliveryException.Kind.UNKNOWN_FATE, e.toString(), Optional.empty()));
        }
    }

    /** Commits {@code sending}, again where the lease had to be waited for. Answers whether it may be sent now. */
    private boolean mark(Envelope open) {
        String node = open.node().orElseThrow();
        while (record(open)) {
            if (membership.isMember(node) && membership.mayStart()) {
                return true;
            }
            if (!awaitLease(node)) {
                return false;
            }
        }
        return false;
    }

    /** A node sends nothing while its lease may have been taken away: it waits for the next renewal, or for the loss. */
    private boolean awaitLease(String node) {
        while (membership.isMember(node)) {
            if (membership.mayStart()) {
                return true;
            }
            if (isGivingUp.getAsBoolean() || !pause()) {
                return false;
            }
        }
        return false;
    }

    private Optional<String> text(Envelope envelope, Job job, Execution row) {
        if (envelope.content() == Envelope.Content.ALERT) {
            return Optional.of(parts.composer().alert(job, row));
        }
        try {
            Optional<String> output = row.output();
            return output.isEmpty()
                    ? Optional.empty()
                    : parts.outputs()
                            .message(output.get())
                            .map(message -> parts.composer().result(job, row, message));
        } catch (IOException e) {
            LOG.warn("cron.output-unreadable execution={}", row.id(), e);
            return Optional.empty();
        }
    }

    private Envelope afterFailure(
            Envelope open,
            DeliveryChannel channel,
            DeliveryException.Kind kind,
            String why,
            Optional<Duration> retryAfter) {
        boolean isRepeatable = kind == DeliveryException.Kind.TRANSIENT
                || kind == DeliveryException.Kind.UNKNOWN_FATE && channel.recognisesRepetition();
        return retriedOrEnded(open, isRepeatable, kind, why, retryAfter);
    }

    private Envelope retriedOrEnded(
            Envelope open,
            boolean isRepeatable,
            DeliveryException.Kind kind,
            String why,
            Optional<Duration> retryAfter) {
        List<Duration> backoff = parts.settings().deliveryBackoff();
        String clean = parts.composer().clean(why);
        boolean hasRetryLeft = open.content() == Envelope.Content.RESULT && open.attempts() <= backoff.size();
        if (isRepeatable && hasRetryLeft) {
            Duration wait = backoff.get(open.attempts() - 1);
            Duration asked = retryAfter.orElse(Duration.ZERO);
            Duration capped = asked.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : asked;
            Instant at = environment.now().plus(capped.compareTo(wait) > 0 ? capped : wait);
            return open.waiting(EnvelopeState.RETRY, at, Optional.of(clean));
        }
        return open.ended(
                kind == DeliveryException.Kind.UNKNOWN_FATE && !isRepeatable
                        ? EnvelopeState.UNKNOWN
                        : EnvelopeState.FAILED,
                Optional.of(clean));
    }

    /** What becomes of an envelope whose node died: unsent waits again, half-sent follows the unknown-fate rule. */
    void recover(Envelope orphan) {
        if (orphan.state() == EnvelopeState.CLAIMED) {
            EnvelopeState again = orphan.attempts() == 0 ? EnvelopeState.PENDING : EnvelopeState.RETRY;
            put(orphan.waiting(again, environment.now(), orphan.error()));
            return;
        }
        String platform = Targets.platformOf(orphan.target());
        boolean isRepeatable = parts.channel(platform)
                .filter(DeliveryChannel::recognisesRepetition)
                .isPresent();
        put(retriedOrEnded(
                orphan,
                isRepeatable,
                DeliveryException.Kind.UNKNOWN_FATE,
                "its node died while sending",
                Optional.empty()));
    }

    /** Writes the envelope, offering it again while the store is silent. Answers whether its fence held. */
    private boolean record(Envelope changed) {
        while (true) {
            try {
                return put(changed);
            } catch (StoreException e) {
                LOG.warn("cron.delivery-waits envelope={} reason={}", changed.id(), e.getMessage());
                if (isGivingUp.getAsBoolean() || !pause()) {
                    return false;
                }
            }
        }
    }

    private boolean put(Envelope changed) {
        boolean held = parts.store().outbox().put(changed, DeliveryStatus::ofJob);
        if (held && changed.state() != EnvelopeState.SENDING) {
            events.publish(
                    "cron.delivery",
                    "job",
                    changed.jobId(),
                    "execution",
                    changed.executionId(),
                    "target",
                    changed.target(),
                    "state",
                    changed.state().word(),
                    "attempts",
                    Integer.toString(changed.attempts()));
        }
        return held;
    }

    private boolean pause() {
        try {
            environment.sleep(STORE_WAIT);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
