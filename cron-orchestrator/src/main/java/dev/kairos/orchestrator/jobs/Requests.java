package dev.kairos.orchestrator.jobs;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.JobState;
import dev.kairos.api.job.Overlap;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.ledger.Trigger;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.JobView;
import dev.kairos.orchestrator.plan.CancelWish;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs that people ask for and runs that they call off.
 *
 * <p>Status: internal.
 */
public final class Requests {
    private final String rowId;
    private final String source;
    private @Nullable Execution row;

    Requests(String rowId, String source) {
        this.rowId = rowId;
        this.source = source;
    }

    /** Whether somebody asked the row's owner to end the run; it stands in the reason of a row that is claimed or runs. */
    public static boolean isCancelWished(Execution row) {
        return CancelWish.isIn(row);
    }

    void ask(JobDraft draft) {
        String id = draft.job().id();
        if (draft.job().engine().state() == JobState.ERROR) {
            String reason = SetAside.reason(draft.job().definition()).orElse("its schedule cannot be computed");
            throw new RefusedException(
                    "job " + id, "it cannot run: " + reason, "mend it with `kairos edit " + id + "` first");
        }
        boolean mayOverlap = draft.job().definition().get(JobField.OVERLAP, Overlap.SKIP) == Overlap.ALLOW;
        if (!mayOverlap) {
            refuseWhileBusy(draft);
        }
        if (!draft.job().definition().isEnabled()) {
            draft.note("The job is paused and stays paused; this run is beside its schedule.");
        }
        row = Execution.builder(rowId, id, draft.now().truncatedTo(ChronoUnit.MILLIS))
                .trigger(Trigger.REQUEST)
                .status(ExecutionStatus.REQUESTED)
                .jobVersion(draft.job().version())
                .source(source)
                .build();
        draft.row(row);
    }

    private static void refuseWhileBusy(JobDraft draft) {
        for (Execution open : draft.view().openRows()) {
            if (open.status().isOwned() && !open.isAhead(draft.now())) {
                throw new RefusedException(
                        "job " + draft.job().id(),
                        "it is running (execution " + open.id() + ")",
                        "wait for its end, or cancel it with `kairos cancel "
                                + draft.job().id() + "`");
            }
            if (open.status() == ExecutionStatus.REQUESTED) {
                throw new RefusedException(
                        "job " + draft.job().id(),
                        "a run was asked for at " + open.scheduledAt() + " and waits for a node",
                        "wait for it, or cancel it with `kairos cancel "
                                + draft.job().id() + "`");
            }
        }
    }

    /** The row that was asked for; only after {@link #ask}. */
    Execution row() {
        return Objects.requireNonNull(row, "nothing was asked for");
    }

    static void cancel(JobDraft draft, Optional<String> executionId, String why) {
        List<Execution> meant = draft.view().openRows().stream()
                .filter(open -> executionId.isEmpty() || executionId.get().equals(open.id()))
                .toList();
        if (meant.isEmpty() && executionId.isPresent()) {
            throw new InvalidInputException(
                    "execution",
                    Shown.text(executionId.get()),
                    "no open run of this job has that id",
                    "`kairos runs " + draft.job().id() + "` shows them");
        }
        if (meant.isEmpty()) {
            draft.note("Nothing of it runs or waits.");
        }
        for (Execution open : meant) {
            if (open.status().isWaiting()) {
                draft.close(cancelled(open, draft.now(), why));
                draft.note("Execution " + open.id() + " waited and is cancelled.");
            } else if (isCancelWished(open)) {
                draft.note("Execution " + open.id() + " was asked to end already.");
            } else {
                draft.row(open.toBuilder().reason(CancelWish.reason(open, why)).build());
                draft.note("Execution " + open.id() + " is asked to end.");
            }
        }
    }

    static void withdraw(JobDraft draft, String executionId, String why) {
        draft.view().openRows().stream()
                .filter(open -> open.id().equals(executionId) && open.status() == ExecutionStatus.REQUESTED)
                .forEach(open -> draft.close(cancelled(open, draft.now(), why)));
    }

    static Amendment removal(JobView view, Instant now, List<String> notes) {
        Amendment.Builder removal = Amendment.builder().removeJob();
        for (Execution open : view.openRows()) {
            if (open.status().isWaiting()) {
                removal.row(cancelled(open, now, "removed"));
            } else {
                notes.add("Execution " + open.id() + " goes on to its end; its output is kept and not delivered.");
            }
        }
        return removal.build();
    }

    private static Execution cancelled(Execution open, Instant now, String why) {
        return open.toBuilder()
                .status(ExecutionStatus.CANCELLED)
                .finishedAt(now)
                .reason(why)
                .build();
    }
}
