package dev.kairos.orchestrator.schedule;

import dev.kairos.orchestrator.schedule.ResolvedZone.Source;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.zone.ZoneRulesProvider;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Zones as people name them, and the order in which a schedule gets its own.
 *
 * <p>Status: experimental since 0.1.
 */
public final class ScheduleZones {
    private static final String ACCEPTED =
            "write a zone as Region/City, for example \"Europe/Warsaw\", or \"UTC\" or an offset like \"+02:00\"";

    /** What people mean by letters that several countries use; some of them have no summer time of their own. */
    private static final Map<String, String> ABBREVIATED = Map.of(
            "EST", "America/New_York",
            "EDT", "America/New_York",
            "CST", "America/Chicago",
            "CDT", "America/Chicago",
            "MST", "America/Denver",
            "MDT", "America/Denver",
            "PST", "America/Los_Angeles",
            "PDT", "America/Los_Angeles",
            "CEST", "Europe/Berlin",
            "BST", "Europe/London");

    private ScheduleZones() {}

    /**
     * Reads a zone's name, in any case: {@code Europe/Warsaw}, {@code utc}, {@code +02:00}.
     *
     * @param text the name
     * @param where the field, flag or key it stands in, for the message
     * @throws InvalidScheduleException when the zone database has no such zone; names the nearest one
     */
    public static ZoneId parse(String text, String where) {
        String name = text.trim();
        if (name.isEmpty() || name.length() > 64) {
            throw new InvalidScheduleException(
                    where,
                    name,
                    name.isEmpty() ? "the zone is empty" : "it is no zone of the time zone database",
                    ACCEPTED);
        }
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            return anyCase(name).orElseThrow(() -> unknown(name, where));
        }
    }

    private static Optional<ZoneId> anyCase(String name) {
        return ZoneRulesProvider.getAvailableZoneIds().stream()
                .filter(id -> id.equalsIgnoreCase(name))
                .findFirst()
                .map(ZoneId::of);
    }

    private static InvalidScheduleException unknown(String name, String where) {
        String nearest =
                ABBREVIATED.getOrDefault(name.toUpperCase(Locale.ROOT), nearest(name.toLowerCase(Locale.ROOT)));
        return new InvalidScheduleException(
                where,
                name,
                "it is no zone of the time zone database"
                        + (nearest.isEmpty() ? "" : "; did you mean " + nearest + "?"),
                ACCEPTED);
    }

    /** The zone whose name, or whose city, is a slip or two of the finger away; empty when there is none. */
    private static String nearest(String name) {
        Set<String> ids = ZoneRulesProvider.getAvailableZoneIds();
        String best = "";
        int bestDistance = name.length() < 6 ? 2 : 3;
        for (String id : ids) {
            String lower = id.toLowerCase(Locale.ROOT);
            String city = lower.substring(lower.lastIndexOf('/') + 1);
            int distance = Math.min(distance(name, lower), distance(name.replace(' ', '_'), city));
            boolean first = distance == bestDistance && !best.isEmpty() && id.compareTo(best) < 0;
            if (distance < bestDistance || first) {
                best = id;
                bestDistance = distance;
            }
        }
        return best;
    }

    /** Edit distance, given up as 3 when the lengths alone tell. */
    private static int distance(String a, String b) {
        if (Math.abs(a.length() - b.length()) > 2) {
            return 3;
        }
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }

    /**
     * The zone of a new schedule: its own, else the configured one, else the machine's. A machine that has only a
     * fixed offset gives UTC and a warning, because an offset would silently ignore daylight saving.
     *
     * @param own the schedule's own zone
     * @param configured the setting {@code cron.timezone}
     * @param system the machine's zone, read by the caller
     */
    public static ResolvedZone resolve(Optional<ZoneId> own, Optional<ZoneId> configured, ZoneId system) {
        if (own.isPresent()) {
            return new ResolvedZone(own.get(), Source.SCHEDULE, List.of());
        }
        if (configured.isPresent()) {
            return new ResolvedZone(configured.get(), Source.CONFIGURATION, List.of());
        }
        if (isRegion(system)) {
            return new ResolvedZone(system, Source.SYSTEM, List.of());
        }
        ZoneId utc = ZoneId.of("UTC");
        if (system.getRules().equals(utc.getRules())) {
            return new ResolvedZone(utc, Source.SYSTEM, List.of());
        }
        return new ResolvedZone(
                utc,
                Source.FALLBACK,
                List.of("This machine's time zone is the fixed offset " + system.getId()
                        + ", which knows no daylight saving: schedules use UTC. Set cron.timezone, for example to"
                        + " Europe/Warsaw, to use another."));
    }

    /** The version of the time zone database that this Java knows, as {@code 2026a}. */
    public static String dataVersion() {
        return ZoneRulesProvider.getVersions("Europe/London").lastKey();
    }

    private static boolean isRegion(ZoneId zone) {
        return ZoneRulesProvider.getAvailableZoneIds().contains(zone.getId());
    }
}
