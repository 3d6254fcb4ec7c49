package dev.kairos.examples.portal;

import java.time.Instant;

/**
 * One one-shot of one job of one agent.
 *
 * @param scheduleId another with each upsert, so that a call under way never ends its successor
 * @param attempts how many calls were refused
 * @param nextAttempt when to call, at {@code fireAt} first
 */
record Shot(
        String scheduleId,
        String agent,
        String jobId,
        Instant fireAt,
        String callback,
        int attempts,
        Instant nextAttempt) {}
