package dev.kairos.provider.crontab;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/** Instants as cron's five fields in its zone. */
final class CronTime {
    private CronTime() {}

    /**
     * The minute of an instant. Cron has no year: it comes again each year, where the host finds nothing due.
     *
     * <p>In an hour that the clocks show twice, the hour field begins with a star, or cron would fire in its first pass
     * only; what comes for nothing is refused by the host.
     */
    static String fields(Instant at, ZoneId zone) {
        LocalDateTime local = LocalDateTime.ofInstant(at, zone);
        boolean isTwice = zone.getRules().getValidOffsets(local).size() > 1;
        String hour = isTwice
                ? "*/24" + (local.getHour() == 0 ? "" : "," + local.getHour())
                : Integer.toString(local.getHour());
        return local.getMinute() + " " + hour + " " + local.getDayOfMonth() + " " + local.getMonthValue() + " *";
    }

    static Instant minute(Instant at) {
        return at.truncatedTo(ChronoUnit.MINUTES);
    }

    /** The second of the minute. */
    static int second(Instant at) {
        return (int) Math.floorMod(at.getEpochSecond(), 60L);
    }
}
