package dev.kairos.provider.crontab;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A plan in the making. Used by one thread. */
final class Draft {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    static final Duration LOOK_AGAIN = Duration.ofMinutes(2);

    private final List<String> standing;
    private final Instant now;
    private final List<String> lines = new ArrayList<>();
    private final Map<String, List<String>> armed = new TreeMap<>();
    private final Set<String> overdue = new TreeSet<>();
    private final Map<String, String> refused = new TreeMap<>();
    private Optional<Instant> soonest = Optional.empty();
    private Optional<Instant> onItsWay = Optional.empty();

    Draft(List<String> standing, Instant now) {
        this.standing = standing;
        this.now = now;
    }

    /**
     * Whether the entry fires at the instant, or just does: its minute can still be armed, or it stands and its minute is
     * not over. What stands, is due and not claimed yet is on its way.
     */
    boolean isInTime(List<String> entry, Instant at) {
        Instant minute = CronTime.minute(at);
        if (minute.isAfter(now.plus(Planner.MARGIN))) {
            return true;
        }
        boolean isInTime = isStanding(entry) && now.isBefore(minute.plus(MINUTE).plus(Planner.MARGIN));
        if (isInTime && !at.isAfter(now)) {
            onItsWay = Optional.of(onItsWay.filter(minute::isAfter).orElse(minute));
        }
        return isInTime;
    }

    /** When to look again for what is on its way: its program may have failed before it could claim anything. */
    Optional<Instant> lookAgainAt() {
        return onItsWay.map(minute -> minute.plus(LOOK_AGAIN));
    }

    private boolean isStanding(List<String> entry) {
        return Collections.indexOfSubList(standing, entry) >= 0;
    }

    /** The first minute that can still be armed. */
    Instant soonestMinute() {
        return CronTime.minute(now.plus(Planner.MARGIN)).plus(MINUTE);
    }

    void put(String... entry) {
        lines.addAll(List.of(entry));
    }

    /** An entry for one minute, which must be written before it begins unless it stands already. */
    void put(String note, String line, Instant minute) {
        put(note, line);
        if (!isStanding(List.of(note, line))) {
            soonest = Optional.of(soonest.filter(minute::isAfter).orElse(minute));
        }
    }

    void armed(String id, String... entry) {
        armed.put(id, List.of(entry));
    }

    void isOverdue(String id, Instant at) {
        overdue.add(id + "@" + at);
        armed(id); // the further wake-up is for it
    }

    Set<String> overdue() {
        return overdue;
    }

    void refuse(String id, String why) {
        refused.put(id, why);
        put("# job " + id + " is not armed: " + Bytes.inOneLine(why));
    }

    Plan plan() {
        return new Plan(lines, armed, refused, soonest);
    }
}
