package dev.kairos.builtin;

import java.util.List;

/**
 * What {@link CronRuntime#runDue} did.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param fired ids of the executions it claimed
 * @param skipped how many rows of skipped occurrences it wrote
 * @param recovered how many rows of dead nodes it closed or put back
 * @param deliveries how many envelopes it handed to the delivery pool
 * @param unable ids of jobs that are due and that this process cannot run
 * @param isFinished false if the bound passed while runs or sends were under way
 */
public record DueWork(
        List<String> fired, int skipped, int recovered, int deliveries, List<String> unable, boolean isFinished) {
    public DueWork {
        fired = List.copyOf(fired);
        unable = List.copyOf(unable);
    }
}
