package dev.kairos.orchestrator.jobs;

import dev.kairos.api.InvalidInputException;

/** A reference that no job answers to. Status: experimental since 0.1. */
public final class JobNotFoundException extends InvalidInputException {
    private static final long serialVersionUID = 1L;

    JobNotFoundException(String reference) {
        super(
                "job",
                Shown.text(reference),
                "there is no such job",
                "give its id, its exact name, or the first 4 or more characters of its id; `kairos list --all` shows"
                        + " them");
    }
}
