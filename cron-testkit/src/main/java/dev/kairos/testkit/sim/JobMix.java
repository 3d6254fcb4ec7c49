package dev.kairos.testkit.sim;

import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.Misfire;
import dev.kairos.api.job.OnCrash;
import dev.kairos.api.job.Overlap;
import dev.kairos.api.job.Retry;
import dev.kairos.api.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Definitions by chance: every kind of schedule and policy. */
final class JobMix {
    private static final List<String> CRONS =
            List.of("* * * * *", "*/2 * * * *", "*/5 * * * *", "13 * * * *", "7-50/3 * * * *");
    private static final List<ZoneId> ZONES =
            List.of(ZoneOffset.UTC, ZoneId.of("Europe/Warsaw"), ZoneId.of("Australia/Lord_Howe"));
    private static final List<List<String>> TARGETS =
            List.of(List.of("plain:a"), List.of("keyed:a"), List.of("plain:a", "keyed:b", "local"), List.of("local"));

    private static final List<List<String>> TAGS = List.of(
            List.of(), List.of("shared"), List.of("shared"), List.of("needs-gpu"), List.of("needs-gpu", "shared"));

    /** What only some processes have. */
    static final String WORD = "gpu";

    /** The tag of jobs that share a bound. */
    static final String SHARED = "shared";

    private final Random random;
    private final boolean hasTags;

    /**
     * Draws by the given chance.
     *
     * @param hasTags whether some jobs need what only some processes have, and some share a bound
     */
    JobMix(Random random, boolean hasTags) {
        this.random = random;
        this.hasTags = hasTags;
    }

    JobDefinition job(String name, Instant now) {
        JobDefinition.Builder job = JobDefinition.builder()
                .set(JobField.NAME, name)
                .set(JobField.SCRIPT, "work.sh")
                .set(JobField.NO_AGENT, true)
                .set(JobField.SCHEDULE, schedule(now))
                .set(JobField.TIMEOUT, Duration.ofSeconds(10L + random.nextInt(80)))
                .set(JobField.DELIVER, oneOf(TARGETS))
                .set(JobField.MISFIRE, misfire())
                .set(JobField.OVERLAP, oneOf(List.of(Overlap.SKIP, Overlap.SKIP, Overlap.QUEUE, Overlap.ALLOW)));
        int drawn = random.nextInt(3);
        if (drawn < 2) {
            job.set(JobField.ON_CRASH, drawn == 0 ? OnCrash.RERUN : OnCrash.NEVER);
        }
        boolean isRerun =
                drawn == 0; // a crash and a failure in one run are rare: then the smallest budget tells the most
        if (isRerun || random.nextBoolean()) {
            int retries = isRerun ? 1 : 1 + random.nextInt(3);
            job.set(JobField.RETRY, new Retry(Optional.of(retries), Optional.empty(), Optional.empty()));
        }
        boolean isRecurring = job.build().schedule().kind() != Schedule.Kind.ONCE;
        if (isRecurring && random.nextInt(4) == 0) {
            job.set(JobField.REPEAT, 1 + random.nextInt(20));
        }
        if (isRecurring && random.nextInt(4) == 0) {
            job.set(JobField.JITTER, Duration.ofSeconds(1L + random.nextInt(5)));
        }
        if (hasTags) {
            job.set(JobField.TAGS, oneOf(TAGS));
        }
        return job.build();
    }

    Schedule schedule(Instant now) {
        int drawn = random.nextInt(10);
        if (drawn < 5) {
            return Schedule.interval(Duration.ofSeconds(10L + random.nextInt(110)), ZoneOffset.UTC);
        }
        if (drawn < 8) {
            return Schedule.cron(oneOf(CRONS), oneOf(ZONES));
        }
        return Schedule.once(now.plusMillis(random.nextInt(600_000)), ZoneOffset.UTC);
    }

    private Misfire misfire() {
        Optional<Duration> grace =
                random.nextBoolean() ? Optional.empty() : Optional.of(Duration.ofSeconds(random.nextInt(120)));
        return new Misfire(oneOf(List.of(Misfire.Policy.values())), grace);
    }

    private <T> T oneOf(List<T> several) {
        return several.get(random.nextInt(several.size()));
    }
}
