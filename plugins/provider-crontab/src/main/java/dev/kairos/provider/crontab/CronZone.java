package dev.kairos.provider.crontab;

import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;

/**
 * The zone in which cron reads its lines: the machine's, whatever TZ says in the shell of whoever calls us. A daemon has
 * no such shell.
 */
final class CronZone {
    private static final String FOLDER = "/zoneinfo/";

    private CronZone() {}

    /** The zone that the machine's link names, else the one given. */
    static ZoneId of(Path localtime, ZoneId otherwise) {
        try {
            String target = localtime.toRealPath().toString();
            int at = target.lastIndexOf(FOLDER);
            return at < 0 ? otherwise : ZoneId.of(target.substring(at + FOLDER.length()));
        } catch (IOException | DateTimeException e) {
            return otherwise;
        }
    }
}
