package dev.kairos.provider.dbscheduler;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.Settings;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * What stands under {@code cron.db-scheduler}.
 *
 * @param address the database
 * @param table the table of the triggers
 * @param threads how many triggers fire at the same time
 * @param pollingInterval how often a node looks for what is due
 */
record DbSchedulerSettings(PostgresAddress address, String table, int threads, Duration pollingInterval) {
    static final Duration STANDARD_POLLING = Duration.ofSeconds(1);

    private static final long MOST_THREADS = 100;
    private static final Duration SHORTEST_POLLING = Duration.ofMillis(50);
    private static final Duration LONGEST_POLLING = Duration.ofMinutes(1);
    private static final String PART = "[A-Za-z_][A-Za-z0-9_]{0,50}";
    private static final Pattern TABLE = Pattern.compile("(?:" + PART + "\\.)?" + PART);

    /** Whether it is said where the database is; nothing else is judged. */
    static boolean isPresent(Settings settings) {
        return settings.text("url").filter(url -> !url.isBlank()).isPresent();
    }

    /**
     * Reads and judges them.
     *
     * @throws InvalidInputException if one is missing or wrong
     */
    static DbSchedulerSettings of(Settings settings) {
        return new DbSchedulerSettings(
                PostgresAddress.of(settings), table(settings), threads(settings), pollingInterval(settings));
    }

    private static String table(Settings settings) {
        String table = settings.text("table").orElse("kairos_fires").strip();
        if (!TABLE.matcher(table).matches()) {
            throw refused(
                    settings,
                    "table",
                    table,
                    "it is no name of a table",
                    "letters, digits and _, perhaps after a schema and a dot, for example table: kairos_fires");
        }
        return table;
    }

    private static int threads(Settings settings) {
        long threads = settings.number("threads").orElse(4L);
        if (threads < 1 || threads > MOST_THREADS) {
            throw refused(
                    settings,
                    "threads",
                    String.valueOf(threads),
                    "it is not between 1 and " + MOST_THREADS,
                    "for example threads: 4");
        }
        return (int) threads;
    }

    private static Duration pollingInterval(Settings settings) {
        Duration interval = settings.duration("polling_interval").orElse(STANDARD_POLLING);
        if (interval.compareTo(SHORTEST_POLLING) < 0 || interval.compareTo(LONGEST_POLLING) > 0) {
            throw refused(
                    settings,
                    "polling_interval",
                    interval.toString(),
                    "it is not between PT0.05S and 1m",
                    "for example polling_interval: 1s");
        }
        return interval;
    }

    /** The message holds the right example too: who only sees the message knows what to write. */
    static InvalidInputException refused(Settings settings, String key, String given, String why, String accepted) {
        String shown = given.length() > 60 ? given.substring(0, 60) + "..." : given;
        return new InvalidInputException(
                settings.path().isEmpty() ? key : settings.path() + "." + key,
                shown,
                why + "; write " + accepted,
                accepted);
    }
}
