package dev.kairos.orchestrator.plan;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import java.util.Optional;

/** The words with which a run is blocked, and a one-shot paused, until somebody signs in to a model entry. Status: internal. */
public final class SignedOut {
    private static final String TOLD = "nobody is signed in to ";
    private static final String WORD = "signed_out: ";

    private SignedOut() {}

    /** The reason that names the model entry. */
    public static String reason(String entry) {
        return WORD + entry;
    }

    /** Whether the job waits for somebody to sign in to the entry. */
    public static boolean holds(Job job, String entry) {
        return job.definition()
                .get(JobField.PAUSED_REASON)
                .filter(reason(entry)::equals)
                .isPresent();
    }

    /** The entry that somebody must sign in to before the job runs, if it waits for that. */
    public static Optional<String> entryOf(JobDefinition definition) {
        return definition
                .get(JobField.PAUSED_REASON)
                .filter(SignedOut::isReason)
                .map(reason -> reason.substring(WORD.length()));
    }

    static boolean isReason(String reason) {
        return reason.startsWith(WORD);
    }

    /** How the message begins of a run that nobody is signed in for. */
    public static String told(String entry) {
        return TOLD + entry;
    }

    static boolean isSaidBy(String error) {
        return error.startsWith(TOLD);
    }
}
