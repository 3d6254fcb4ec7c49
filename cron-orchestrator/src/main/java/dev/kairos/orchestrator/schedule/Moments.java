package dev.kairos.orchestrator.schedule;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Instants and clock times as they stand in sentences: 24-hour clock, with the offset where it matters. */
final class Moments {
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm xxx", Locale.ROOT);
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
    private static final DateTimeFormatter CLOCK_SECONDS = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private Moments() {}

    /** {@code 2027-01-15 09:00 +01:00}. */
    static String minute(Instant instant, ZoneId zone) {
        return MINUTE.format(instant.atZone(zone));
    }

    /** {@code 09:00}, with seconds when there are any. */
    static String clock(LocalTime time) {
        return (time.getSecond() == 0 ? CLOCK : CLOCK_SECONDS).format(time);
    }
}
