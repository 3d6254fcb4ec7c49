package dev.kairos.store.jdbc;

import dev.kairos.api.job.Job;
import dev.kairos.api.store.ClaimRequest;
import dev.kairos.api.store.JobView;
import dev.kairos.api.store.TagBounds;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The jobs that one claim is offered: those that are due and that the bounds of their tags admit. */
final class DueOffer {
    private static final String OWNED =
            "SELECT e.job_id FROM executions e WHERE " + ExecutionRows.OPEN + " AND e.status IN ('claimed', 'running')";

    /** Read at once, at least, behind what is withheld: a long row of such jobs would be read one by one. */
    private static final int PAGE = 200;

    private final WriteTransaction transaction;
    private final Application application;
    private final ClaimRequest request;
    private final TagBounds.Count owned;
    private boolean hasCounted;

    DueOffer(WriteTransaction transaction, Application application, ClaimRequest request) {
        this.transaction = transaction;
        this.application = application;
        this.request = request;
        this.owned = request.bounds().count();
    }

    /**
     * What is due, each job locked. As long as jobs that are withheld, or that somebody else has locked, leave too few, those
     * behind them are looked at.
     */
    List<JobView> views() throws SQLException {
        DueScan scan = new DueScan(transaction.session(), transaction.definitions());
        List<JobView> admitted = new ArrayList<>();
        Set<String> met = new HashSet<>();
        Optional<DueScan.Place> behind = Optional.empty();
        int size = request.limit();
        do {
            DueScan.Page page = scan.offered(request, behind, size);
            for (JobView view : application.viewsOfRows(page.rows())) {
                if (met.add(view.jobId()) && admitted.size() < request.limit() && admits(view)) {
                    admitted.add(view);
                }
            }
            behind = page.last();
            size = Math.max(size, PAGE);
        } while (behind.isPresent() && admitted.size() < request.limit());
        return admitted;
    }

    /** Whether the job can be read here, and one more execution of it keeps the bounds; those that were {@link #took} count. */
    boolean admits(JobView view) throws SQLException {
        boolean isReadable =
                view.job().filter(job -> job.definition().fault().isEmpty()).isPresent();
        if (!isReadable) {
            return false; // those behind it are looked at
        }
        if (request.bounds().of(view.job().get().definition()).isEmpty()) {
            return true;
        }
        count();
        return owned.admits(view.job().get().definition());
    }

    /** So many executions of the job are owned from now on. */
    void took(JobView view, long executions) {
        view.job().ifPresent(job -> owned.add(job.definition(), Math.toIntExact(executions)));
    }

    private void count() throws SQLException {
        if (hasCounted) {
            return;
        }
        hasCounted = true;
        Session session = transaction.session();
        session.dialect().countAlone(session, request.bounds().most().keySet());
        Map<String, Integer> runs = new HashMap<>();
        for (String jobId : session.sql(OWNED).list(Cells::text)) {
            runs.merge(jobId, 1, Integer::sum);
        }
        for (Job job : JobRows.unlocked(session, transaction.definitions(), runs.keySet())) {
            owned.add(job.definition(), runs.getOrDefault(job.id(), 0));
        }
    }
}
