package dev.kairos.builtin;

import dev.kairos.api.DesiredTrigger;
import dev.kairos.api.FireRequest;
import dev.kairos.api.FireResult;
import dev.kairos.api.TickReport;
import dev.kairos.api.env.Environment;
import dev.kairos.api.store.StoreException;
import dev.kairos.orchestrator.Unfired;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A firing core without a store: counts what it is asked for, and answers what a test sets. */
final class CountingCore implements FiringCore {
    final AtomicInteger ticks = new AtomicInteger();
    final AtomicInteger waits = new AtomicInteger();
    final List<String> overdue = new CopyOnWriteArrayList<>();
    final List<String> published = new CopyOnWriteArrayList<>();
    final List<Unfired> unfired = new CopyOnWriteArrayList<>();
    final List<DesiredTrigger> desired = new CopyOnWriteArrayList<>();
    final Map<String, Instant> lastDue = new ConcurrentHashMap<>();
    volatile FireResult answer = new FireResult.NotClaimed(FireResult.Reason.NOT_DUE, Optional.empty());
    volatile Optional<Instant> waiting = Optional.empty();
    volatile Optional<Instant> wakeAt = Optional.empty();
    volatile Optional<Instant> excusedSince = Optional.empty();
    volatile boolean isStoreSilent;
    volatile boolean isLeaseAwaited;
    volatile Optional<Instant> lastFire = Optional.empty();
    volatile Optional<RuntimeException> trouble = Optional.empty();
    final List<OutsideAttempts.Attempt> outside = new CopyOnWriteArrayList<>();
    private final Environment time;

    CountingCore(Environment time) {
        this.time = time;
    }

    /** The job comes due now, and nobody claims it. */
    void due(String jobId, Instant... more) {
        unfired.removeIf(job -> job.jobId().equals(jobId));
        unfired.add(new Unfired(jobId, more.length == 0 ? List.of(time.now()) : List.of(more)));
    }

    private TickReport report(List<String> fired) {
        return new TickReport(time.now(), fired, 0, 0, 0, false, Optional.empty());
    }

    @Override
    public Optional<Instant> lastFire() {
        return lastFire;
    }

    @Override
    public FireResult fire(FireRequest request, String source) {
        trouble.ifPresent(thrown -> {
            throw thrown;
        });
        return answer;
    }

    @Override
    public TickReport tick() {
        ticks.incrementAndGet();
        return report(List.of());
    }

    @Override
    public TickReport tickAhead(Optional<Instant> excused) {
        ticks.incrementAndGet();
        excusedSince = excused.or(() -> excusedSince);
        List<String> fired = unfired.stream().map(Unfired::jobId).toList();
        unfired.clear();
        return report(fired);
    }

    @Override
    public TickReport passOfWhatWaits() {
        waits.incrementAndGet();
        return report(List.of());
    }

    @Override
    public TickReport passOfOverdue(Instant dueBy, Predicate<String> isSpared, Optional<Instant> excused) {
        excusedSince = excused;
        List<String> claimed = unfired.stream()
                .filter(job -> !job.dueAt().get(0).isAfter(dueBy) && !isSpared.test(job.jobId()))
                .map(Unfired::jobId)
                .toList();
        overdue.addAll(claimed);
        unfired.removeIf(job -> claimed.contains(job.jobId()));
        return report(claimed);
    }

    @Override
    public Optional<List<Unfired>> unfired(int most) {
        return isLeaseAwaited ? Optional.empty() : Optional.of(List.copyOf(unfired));
    }

    @Override
    public List<OutsideAttempts.Attempt> outsideAttempts() {
        List<OutsideAttempts.Attempt> taken = List.copyOf(outside);
        outside.removeAll(taken);
        return taken;
    }

    @Override
    public List<DesiredTrigger> desiredTriggers() {
        return List.copyOf(desired);
    }

    @Override
    public Optional<Instant> waitingDueAt() {
        if (isStoreSilent) {
            throw new StoreException(StoreException.Kind.TRANSIENT, "the store does not answer", null);
        }
        return waiting;
    }

    @Override
    public Optional<Instant> wakeAt() {
        return wakeAt;
    }

    @Override
    public Optional<Instant> lastDueAt(String jobId) {
        return Optional.ofNullable(lastDue.get(jobId));
    }

    @Override
    public Optional<Instant> nextWakeAt() {
        return Optional.empty();
    }

    @Override
    public void publish(String name, String... details) {
        published.add(name);
    }

    @Override
    public void publishWarning(String name, String... details) {
        published.add(name);
    }
}
