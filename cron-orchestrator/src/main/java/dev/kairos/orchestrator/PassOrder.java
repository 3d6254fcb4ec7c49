package dev.kairos.orchestrator;

import dev.kairos.api.job.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What one pass is to do.
 *
 * <p>Status: internal.
 *
 * @param source what pulled the trigger, as the ledger keeps it
 * @param ahead how long before its instant an occurrence may be claimed; it is then held until that instant
 * @param jobs whose due occurrences and waiting rows are looked at
 * @param isOfOccurrences whether occurrences are claimed, beside waiting rows and sends
 * @param excusedSince from when on being late counts against no grace: since then somebody else was to fire
 */
public record PassOrder(
        String source, Duration ahead, Predicate<Job> jobs, boolean isOfOccurrences, Optional<Instant> excusedSince) {
    /** The word by which the ledger knows what the backstop claimed. */
    public static final String BACKSTOP = "backstop";

    private static final String TICK = "tick";

    public PassOrder {
        Objects.requireNonNull(source);
        Objects.requireNonNull(ahead);
        Objects.requireNonNull(jobs);
        Objects.requireNonNull(excusedSince);
    }

    /** Whatever is due. */
    public static PassOrder tick() {
        return ahead(Duration.ZERO);
    }

    /** Whatever is due within so long. */
    public static PassOrder ahead(Duration time) {
        return new PassOrder(TICK, time, job -> true, true, Optional.empty());
    }

    /** Whatever is due, for a trigger from outside. */
    static PassOrder of(String source) {
        return new PassOrder(source, Duration.ZERO, job -> true, true, Optional.empty());
    }

    /** Sends, retries, queued and requested runs alone: somebody else fires the occurrences. */
    public static PassOrder ofWhatWaits() {
        return new PassOrder(TICK, Duration.ZERO, job -> true, false, Optional.empty());
    }

    /** What somebody else should have fired by the instant, but for the jobs that are spared. */
    public static PassOrder ofOverdue(Instant dueBy, Predicate<String> isSpared) {
        Predicate<Job> isOverdue =
                job -> job.engine().dueAt().filter(due -> !due.isAfter(dueBy)).isPresent() && !isSpared.test(job.id());
        return new PassOrder(BACKSTOP, Duration.ZERO, isOverdue, true, Optional.empty());
    }

    /** The same, where being late since then counts against no grace. */
    public PassOrder excusing(Optional<Instant> since) {
        return new PassOrder(source, ahead, jobs, isOfOccurrences, since);
    }
}
