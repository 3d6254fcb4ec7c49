package dev.kairos.orchestrator;

import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.JobView;
import dev.kairos.api.store.RowDecider;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps what the decider last wrote about a row; a repeated transaction overwrites it. */
final class Recorded implements RowDecider {
    private final RowDecider decider;
    private volatile Amendment amendment = Amendment.none();
    private volatile @Nullable Execution row;
    private volatile @Nullable Execution written;
    private volatile @Nullable Job job;
    private volatile boolean isHeld;

    Recorded(RowDecider decider) {
        this.decider = decider;
    }

    @Override
    public Amendment decide(JobView view, Execution current) {
        Amendment decided = decider.decide(view, current);
        job = view.job().orElse(null);
        written = decided.rows().stream()
                .filter(one -> one.id().equals(current.id()))
                .findFirst()
                .orElse(null);
        row = written != null ? written : current;
        amendment = decided;
        return decided;
    }

    /** The store's answer: whether the fence held. */
    void held(boolean answer) {
        isHeld = answer;
    }

    boolean isHeld() {
        return isHeld;
    }

    /** Everything it wrote. */
    Amendment amendment() {
        return amendment;
    }

    /** The row as it wrote it; empty if it did not. */
    Optional<Execution> written() {
        return Optional.ofNullable(written);
    }

    /** The row as it wrote it or, if it did not, as it was. */
    Optional<Execution> row() {
        return Optional.ofNullable(row);
    }

    Optional<Job> job() {
        return Optional.ofNullable(job);
    }
}
