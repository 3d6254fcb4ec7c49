package dev.kairos.provider.crontab;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.Settings;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;

/**
 * What {@code cron.crontab} of the configuration says.
 *
 * @param mode what pulls the trigger
 * @param command the program that shows and replaces the crontab, or {@code systemctl}
 * @param timezone the zone in which cron reads its lines, where it is not the machine's
 * @param path the PATH of what is fired: cron's own is minimal
 * @param shortest the shortest interval that is armed
 * @param units where systemd looks for the user's units
 */
record CrontabSettings(
        Mode mode, String command, Optional<ZoneId> timezone, String path, Duration shortest, Path units) {
    /** What pulls the trigger. */
    enum Mode {
        CRONTAB,
        SYSTEMD
    }

    static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final Duration SHORTEST = Duration.ofSeconds(10);

    /**
     * Reads them.
     *
     * @throws InvalidInputException when one has no meaning
     */
    static CrontabSettings read(Settings settings, Path userHome) {
        Mode mode = mode(settings);
        return new CrontabSettings(
                mode,
                settings.text("command").orElse(mode == Mode.CRONTAB ? "crontab" : "systemctl"),
                zone(settings),
                settings.text("path").orElse(DEFAULT_PATH),
                shortest(settings),
                settings.text("units")
                        .map(Path::of)
                        .orElse(userHome.resolve(".config").resolve("systemd").resolve("user")));
    }

    private static Mode mode(Settings settings) {
        String word = settings.text("mode").orElse("crontab").strip().toLowerCase(Locale.ROOT);
        return switch (word) {
            case "crontab" -> Mode.CRONTAB;
            case "systemd" -> Mode.SYSTEMD;
            default -> throw refused(settings, "mode", word, "no such mode", "crontab or systemd");
        };
    }

    private static Optional<ZoneId> zone(Settings settings) {
        Optional<String> name = settings.text("timezone").map(String::strip);
        try {
            return name.map(ZoneId::of);
        } catch (DateTimeException e) {
            throw refused(settings, "timezone", name.orElse(""), "no such zone", "for example Europe/Warsaw");
        }
    }

    private static Duration shortest(Settings settings) {
        Duration shortest = settings.duration("shortest_interval").orElse(SHORTEST);
        if (shortest.getSeconds() < 1 || shortest.getSeconds() > 60) {
            throw refused(
                    settings, "shortest_interval", shortest.toString(), "out of range", "1s to 60s, for example 10s");
        }
        return shortest;
    }

    private static InvalidInputException refused(
            Settings settings, String key, String given, String reason, String accepted) {
        return new InvalidInputException(settings.path() + "." + key, given, reason, accepted);
    }
}
