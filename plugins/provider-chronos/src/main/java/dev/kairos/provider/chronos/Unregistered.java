package dev.kairos.provider.chronos;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The jobs whose trigger could not be set as it should be, and why. Used by one thread. */
final class Unregistered {
    private static final int MOST_NAMED = 20;

    private final Map<String, String> reasons = new LinkedHashMap<>();
    private boolean mayHeal;

    void add(String jobId, PortalException trouble) {
        reasons.put(jobId, String.valueOf(trouble.getMessage()));
        mayHeal |= trouble.kind() == PortalException.Kind.UNREACHABLE;
    }

    /** The rest was not tried, for the reason of the last one. */
    void addUntried(List<String> jobIds, String reason) {
        jobIds.forEach(jobId -> reasons.putIfAbsent(jobId, reason));
    }

    boolean isEmpty() {
        return reasons.isEmpty();
    }

    /** Whether one of them may succeed later although nothing is changed. */
    boolean mayHeal() {
        return mayHeal;
    }

    /** One sentence that names them and why. */
    String sentence() {
        Map<String, List<String>> byReason = new LinkedHashMap<>();
        reasons.forEach((jobId, reason) ->
                byReason.computeIfAbsent(reason, key -> new ArrayList<>()).add(jobId));
        StringBuilder text = new StringBuilder(
                reasons.size() == 1
                        ? "a job is not registered yet: "
                        : reasons.size() + " jobs are not registered yet: ");
        String between = "";
        for (Map.Entry<String, List<String>> entry : byReason.entrySet()) {
            List<String> jobs = entry.getValue();
            text.append(between)
                    .append(String.join(", ", jobs.subList(0, Math.min(jobs.size(), MOST_NAMED))))
                    .append(jobs.size() > MOST_NAMED ? " and " + (jobs.size() - MOST_NAMED) + " more" : "")
                    .append(" (")
                    .append(entry.getKey())
                    .append(')');
            between = "; ";
        }
        return text.toString();
    }
}
