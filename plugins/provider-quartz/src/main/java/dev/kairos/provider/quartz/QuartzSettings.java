package dev.kairos.provider.quartz;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.Settings;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What stands under {@code cron.quartz}.
 *
 * @param threads how many triggers fire at the same time
 * @param database where the triggers are; empty for this process's memory
 */
record QuartzSettings(int threads, Optional<Database> database) {
    private static final long MOST_THREADS = 100;
    private static final Duration SHORTEST_CHECKIN = Duration.ofSeconds(1);
    private static final Duration LONGEST_CHECKIN = Duration.ofMinutes(5);
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,24}");

    /**
     * Triggers that several nodes share.
     *
     * @param address the database
     * @param tablePrefix what the names of the tables begin with
     * @param checkin how often a node shows the others that it lives
     */
    record Database(PostgresAddress address, String tablePrefix, Duration checkin) {}

    /**
     * Reads and judges them.
     *
     * @throws InvalidInputException if one is missing or wrong
     */
    static QuartzSettings of(Settings settings) {
        String store = settings.text("store").orElse("ram").strip().toLowerCase(Locale.ROOT);
        return switch (store) {
            case "ram" -> new QuartzSettings(threads(settings), Optional.empty());
            case "jdbc" -> new QuartzSettings(threads(settings), Optional.of(database(settings)));
            default ->
                throw refused(
                        settings,
                        "store",
                        store,
                        "it is neither ram nor jdbc",
                        "store: ram (this process's memory), or store: jdbc with a url");
        };
    }

    private static Database database(Settings settings) {
        String prefix = settings.text("table_prefix").orElse("kairos_qrtz_").strip();
        if (!PREFIX.matcher(prefix).matches()) {
            throw refused(
                    settings,
                    "table_prefix",
                    prefix,
                    "it is no beginning of a table's name",
                    "at most 25 letters, digits and _, for example table_prefix: kairos_qrtz_");
        }
        Duration checkin = settings.duration("checkin_interval").orElse(Duration.ofSeconds(5));
        if (checkin.compareTo(SHORTEST_CHECKIN) < 0 || checkin.compareTo(LONGEST_CHECKIN) > 0) {
            throw refused(
                    settings,
                    "checkin_interval",
                    checkin.toString(),
                    "it is not between 1s and 5m",
                    "for example checkin_interval: 5s");
        }
        return new Database(PostgresAddress.of(settings), prefix, checkin);
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
