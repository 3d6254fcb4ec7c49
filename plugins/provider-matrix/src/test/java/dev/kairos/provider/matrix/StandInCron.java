package dev.kairos.provider.matrix;

import dev.kairos.api.FireResult;
import dev.kairos.api.FireResult.NotClaimed;
import dev.kairos.api.FireResult.Reason;
import dev.kairos.api.job.Job;
import dev.kairos.builtin.CronRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Plays cron in UTC by the node's clock: at the start of each minute it reads the table and fires what matches. A fire is
 * tried on for some seconds where the node may not start anything just now: the command that cron starts is a node anew.
 */
final class StandInCron implements AutoCloseable {
    private static final Pattern LINE = Pattern.compile("((?:\\S+ ){4}\\S+) /bin/sh -c '?(.*) fire (\\S+) --home .*");
    private static final Pattern SLEEP = Pattern.compile("; sleep (\\d+); exec");
    private static final Set<Reason> LATER = Set.of(Reason.BUSY, Reason.STOPPING, Reason.STORE_UNAVAILABLE);
    private static final int TRIES = 100;

    private final MovedMachine time;
    private final Path table;
    private final Supplier<Optional<CronRuntime>> node;
    private volatile boolean isOver;

    StandInCron(MovedMachine time, Path table, Supplier<Optional<CronRuntime>> node) {
        this.time = time;
        this.table = table;
        this.node = node;
        time.start("cron", this::live);
    }

    private void live() {
        Instant looked = Instant.EPOCH;
        try {
            while (!isOver) {
                Instant minute = time.now().truncatedTo(ChronoUnit.MINUTES);
                if (!minute.equals(looked)) {
                    looked = minute;
                    look(minute);
                }
                time.sleep(Duration.ofMillis(20));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(Instant minute) {
        LocalDateTime local = LocalDateTime.ofInstant(minute, ZoneOffset.UTC);
        for (String line : lines()) {
            Matcher entry = LINE.matcher(line);
            if (entry.matches()
                    && !isHourlyWake(entry)
                    && matches(entry.group(1).split(" "), local)) {
                Matcher sleep = SLEEP.matcher(entry.group(2));
                Instant at = sleep.find() ? minute.plusSeconds(Long.parseLong(sleep.group(1))) : minute;
                time.start("cron-fire", () -> fire(entry.group(3), at));
            }
        }
    }

    /** Its minute follows from the path of the home, which is another in each run: nothing here may depend on it. */
    private static boolean isHourlyWake(Matcher entry) {
        return entry.group(3).equals(Job.WAKE_ID) && entry.group(1).endsWith(" * * * *");
    }

    private List<String> lines() {
        try {
            return Files.exists(table) ? Files.readAllLines(table) : List.of();
        } catch (IOException e) {
            return List.of(); // just replaced
        }
    }

    private void fire(String jobId, Instant at) {
        try {
            for (int i = 0; i < TRIES && !isOver; i++) {
                boolean isDone = !time.now().isBefore(at) && fired(jobId);
                if (isDone && jobId.equals(Job.WAKE_ID)) { // a pass does not say that it was not allowed to claim
                    time.sleep(Duration.ofSeconds(3));
                    fired(jobId);
                }
                if (isDone) {
                    return;
                }
                time.sleep(Duration.ofMillis(200));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean fired(String jobId) {
        try {
            FireResult result = node.get().orElseThrow().fire(jobId);
            return !(result instanceof NotClaimed refused) || !LATER.contains(refused.reason());
        } catch (RuntimeException e) {
            return false; // the node is closed, or about to be
        }
    }

    private static boolean matches(String[] fields, LocalDateTime at) {
        int[] values = {
            at.getMinute(),
            at.getHour(),
            at.getDayOfMonth(),
            at.getMonthValue(),
            at.getDayOfWeek().getValue() % 7
        };
        boolean isMatch = true;
        for (int i = 0; i < values.length; i++) {
            int value = values[i];
            isMatch &= Stream.of(fields[i].split(",")).anyMatch(part -> matches(part, value));
        }
        return isMatch;
    }

    private static boolean matches(String part, int value) {
        String[] range = part.split("/")[0].split("-");
        int low = range[0].equals("*") ? 0 : Integer.parseInt(range[0]);
        int high = range[0].equals("*") ? 59 : Integer.parseInt(range[range.length - 1]);
        int step = part.contains("/") ? Integer.parseInt(part.split("/")[1]) : 1;
        return value >= low && value <= high && (value - low) % step == 0;
    }

    @Override
    public void close() {
        isOver = true;
    }
}
