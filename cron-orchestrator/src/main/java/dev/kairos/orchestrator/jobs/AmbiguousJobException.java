package dev.kairos.orchestrator.jobs;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.job.Job;
import java.util.List;
import java.util.stream.Collectors;

/** A reference that several jobs answer to. Status: experimental since 0.1. */
public final class AmbiguousJobException extends InvalidInputException {
    private static final long serialVersionUID = 1L;
    private static final int MOST_SHOWN = 10;

    private final transient List<Job> candidates;

    AmbiguousJobException(String reference, List<Job> candidates) {
        super(
                "job",
                Shown.text(reference),
                "it fits " + candidates.size() + " jobs: " + list(candidates),
                "give the id");
        this.candidates = List.copyOf(candidates);
    }

    private static String list(List<Job> candidates) {
        String shown = candidates.stream()
                .limit(MOST_SHOWN)
                .map(job -> job.definition().name().isEmpty()
                        ? job.id()
                        : job.id() + " (" + job.definition().name() + ")")
                .collect(Collectors.joining(", "));
        return candidates.size() > MOST_SHOWN ? shown + ", ..." : shown;
    }

    /** The jobs it fits, ordered by id. */
    public List<Job> candidates() {
        return candidates;
    }
}
