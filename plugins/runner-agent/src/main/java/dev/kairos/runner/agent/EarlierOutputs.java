package dev.kairos.runner.agent;

import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.run.RunnerHost;
import dev.kairos.api.store.ExecutionQuery;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What earlier runs of a job said, as far as a later agent may read it. */
final class EarlierOutputs {
    /** How much of one output an agent reads. */
    static final int LONGEST = 8_000;

    private static final int LOOKED_AT = 50;
    /** The markers that keep a message from being delivered: what was delivered is read. */
    private static final Pattern SILENCE =
            Pattern.compile("\\s*(?:\\[SILENT]|SILENT|NO_REPLY)\\s*", Pattern.CASE_INSENSITIVE);

    private final RunnerHost host;

    EarlierOutputs(RunnerHost host) {
        this.host = host;
    }

    /** The job's name, or its id where it is gone or has none. */
    String name(String jobId) {
        return host.store().jobs().find(jobId).map(Job::displayName).orElse(jobId);
    }

    /** The newest output of the job that has something to say; an answer of silence has not. */
    Optional<String> newest(String jobId) throws IOException {
        List<Execution> ended = host.store()
                .ledger()
                .list(ExecutionQuery.ofJob(jobId, LOOKED_AT).in(Set.of(ExecutionStatus.OK)));
        for (Execution row : ended) {
            Optional<String> message = host.message(row).filter(EarlierOutputs::isSubstantive);
            if (message.isPresent()) {
                return message.map(EarlierOutputs::shortened);
            }
        }
        return Optional.empty();
    }

    private static boolean isSubstantive(String message) {
        return !message.isBlank() && !isSilence(message);
    }

    /** Whether the whole text, its first or its last line says that there is nothing to tell. */
    static boolean isSilence(String message) {
        List<String> lines = message.strip().lines().toList();
        return message.strip().toUpperCase(Locale.ROOT).startsWith("[SILENT]")
                || !lines.isEmpty()
                        && (SILENCE.matcher(lines.get(0)).matches()
                                || SILENCE.matcher(lines.get(lines.size() - 1)).matches());
    }

    private static String shortened(String message) {
        if (message.length() <= LONGEST) {
            return message;
        }
        int end = Character.isHighSurrogate(message.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        return message.substring(0, end) + "\n[... cut here ...]";
    }
}
