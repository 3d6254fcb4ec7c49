package dev.kairos.api;

import dev.kairos.api.schedule.Schedule;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What should be armed for one job.
 *
 * <p>Status: experimental since 0.1.
 *
 * @param jobId the job, or {@code _wake}
 * @param dueAt the instant to arm
 * @param schedule the job's schedule; empty for {@code _wake}
 */
public record DesiredTrigger(String jobId, Instant dueAt, Optional<Schedule> schedule) {
    public DesiredTrigger {
        Objects.requireNonNull(jobId);
        Objects.requireNonNull(dueAt);
        Objects.requireNonNull(schedule);
    }
}
