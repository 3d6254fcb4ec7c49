package dev.kairos.testkit.jobs;

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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Acceptable definitions drawn by a seeded generator: every field is set in some of them. */
public final class RandomDefinitions {
    private static final List<String> ZONES =
            List.of("UTC", "Europe/Warsaw", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata");
    private static final List<String> EXPRESSIONS =
            List.of("0 9 * * MON-FRI", "*/15 9-17 * * *", "0 0 L * *", "0 9 15W * *", "0 0 29 2 *", "5/15 * * * *");

    private final RandomGenerator random;
    private final Instant now;

    /** A generator of definitions around the given present. */
    public RandomDefinitions(RandomGenerator random, Instant now) {
        this.random = random;
        this.now = now;
    }

    /** The next definition. */
    public JobDefinition next() {
        JobDefinition.Builder job = JobDefinition.builder();
        Schedule schedule = schedule();
        job.set(JobField.SCHEDULE, schedule);
        sometimes(() -> job.set(JobField.NAME, text(1 + random.nextInt(40)).strip() + "x"));
        work(job);
        sometimes(() -> job.set(JobField.ENV, Map.of("A_" + random.nextInt(9), text(20), "B", "")));
        sometimes(() -> job.set(JobField.CONTEXT_FROM, List.of("0123456789ab", "other")));
        sometimes(() -> job.set(JobField.CONTINUITY, random.nextBoolean()));
        sometimes(() -> job.set(JobField.WORKDIR, "/srv/" + random.nextInt(100)));
        sometimes(() -> job.set(JobField.MODEL, "model-" + random.nextInt(10)));
        sometimes(() -> job.set(JobField.MODEL_PROVIDER, "provider-" + random.nextInt(10)));
        sometimes(() -> job.set(JobField.TOOLS, List.of("search", "mail send")));
        sometimes(() -> job.set(JobField.DELIVER, List.of("local", "telegram:" + random.nextInt(1000))));
        sometimes(() -> job.set(JobField.FAILURE_DELIVER, List.of("email")));
        sometimes(() -> job.set(JobField.ORIGIN, Map.of("platform", "slack", "chat", random.nextInt())));
        sometimes(() -> job.set(JobField.ALLOW_SILENT, random.nextBoolean()));
        if (schedule.kind() != Schedule.Kind.ONCE) {
            sometimes(() -> job.set(JobField.REPEAT, 1 + random.nextInt(1_000)));
            sometimes(() -> job.set(JobField.JITTER, Duration.ofSeconds(1 + random.nextInt(3))));
        }
        sometimes(() -> job.set(JobField.ENABLED, false)
                .set(JobField.PAUSED_AT, now.minusSeconds(random.nextInt(10_000)))
                .set(JobField.PAUSED_REASON, "because " + text(30) + "."));
        sometimes(() -> job.set(JobField.TIMEOUT, Duration.ofSeconds(1 + random.nextInt(100_000))));
        sometimes(() -> job.set(JobField.IDLE_TIMEOUT, Duration.ofSeconds(1 + random.nextInt(100_000))));
        sometimes(() -> job.set(JobField.OVERLAP, one(List.of(Overlap.values()))));
        sometimes(() -> job.set(
                JobField.MISFIRE,
                new Misfire(
                        one(List.of(Misfire.Policy.values())),
                        random.nextBoolean()
                                ? Optional.empty()
                                : Optional.of(Duration.ofSeconds(random.nextInt(9_999))))));
        sometimes(() -> job.set(JobField.ON_CRASH, one(List.of(OnCrash.values()))));
        sometimes(() -> job.set(
                JobField.RETRY,
                new Retry(
                        Optional.of(random.nextInt(101)),
                        random.nextBoolean() ? Optional.empty() : Optional.of(Duration.ofSeconds(random.nextInt(30))),
                        Optional.of(Duration.ofSeconds(30 + random.nextInt(30))),
                        random.nextBoolean() ? Optional.empty() : Optional.of(random.nextBoolean()))));
        sometimes(() -> job.set(JobField.BUDGET, Map.of("usd_per_day", 1.5, "tokens", 100_000)));
        sometimes(() -> job.set(JobField.REQUIRE_SKILLS, random.nextBoolean()));
        sometimes(() -> job.set(JobField.TAGS, List.of("a", "b.c-" + random.nextInt(10))));
        sometimes(() -> job.set(JobField.CREATED_AT, now.minusMillis(random.nextLong(1L << 40))));
        sometimes(() -> job.set(JobField.UPDATED_AT, now.minusMillis(random.nextLong(1L << 30))));
        sometimes(() -> job.unknown("x-" + random.nextInt(5), tree(3)));
        return job.build();
    }

    private void work(JobDefinition.Builder job) {
        switch (random.nextInt(3)) {
            case 0 -> job.set(JobField.PROMPT, text(200) + "!").set(JobField.SKILLS, List.of("news", "mail.v2"));
            case 1 ->
                job.set(JobField.SCRIPT, "sub/report-" + random.nextInt(9) + ".sh")
                        .set(JobField.NO_AGENT, true);
            default -> job.set(JobField.HANDLER, "h" + random.nextInt(9)).set(JobField.ARGS, Map.of("n", tree(2)));
        }
    }

    private Schedule schedule() {
        ZoneId zone = ZoneId.of(one(ZONES));
        return switch (random.nextInt(3)) {
            case 0 -> Schedule.once(now.plusMillis(1 + random.nextLong(1L << 35)), zone);
            case 1 -> Schedule.interval(Duration.ofSeconds(60 + random.nextInt(10_000_000)), zone);
            default -> Schedule.cron(one(EXPRESSIONS), zone);
        };
    }

    private Object tree(int depth) {
        return switch (random.nextInt(depth > 0 ? 7 : 5)) {
            case 0 -> text(20);
            case 1 -> random.nextInt();
            case 2 -> random.nextLong();
            case 3 -> random.nextDouble();
            case 4 -> random.nextBoolean();
            case 5 -> {
                List<Object> items = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    items.add(tree(depth - 1));
                }
                yield items;
            }
            default -> {
                Map<String, Object> map = new LinkedHashMap<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    map.put(text(6), tree(depth - 1));
                }
                yield map;
            }
        };
    }

    private String text(int longest) {
        String letters = "abc XYZ 0189 \"\\{}[],:\n\t/ąż語😀é'";
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(longest + 1); i > 0; i--) {
            int at = random.nextInt(letters.codePointCount(0, letters.length()));
            text.appendCodePoint(letters.codePointAt(letters.offsetByCodePoints(0, at)));
        }
        return text.toString();
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private void sometimes(Runnable what) {
        if (random.nextInt(3) == 0) {
            what.run();
        }
    }
}
