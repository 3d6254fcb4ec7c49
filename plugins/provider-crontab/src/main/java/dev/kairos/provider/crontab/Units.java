package dev.kairos.provider.crontab;

import dev.kairos.api.DesiredTrigger;
import dev.kairos.api.job.Job;
import dev.kairos.api.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the unit files of one home should hold. Made for one round of arming; used by one thread. */
final class Units {
    /** Something armed so long ago and not claimed yet is on its way. */
    private static final Duration ON_ITS_WAY = Duration.ofSeconds(65);

    private final HomeCommand home;
    private final ShellCommand commands;
    private final Duration shortest;
    private final Map<String, String> standing;
    private final Instant now;
    private final Map<String, String> files = new TreeMap<>();
    private final Map<String, List<String>> armed = new TreeMap<>();
    private final Set<String> overdue = new TreeSet<>();
    private final Map<String, String> refused = new TreeMap<>();
    private Optional<Instant> onItsWay = Optional.empty();

    Units(HomeCommand home, ShellCommand commands, Duration shortest, Map<String, String> standing, Instant now) {
        this.home = home;
        this.commands = commands;
        this.shortest = shortest;
        this.standing = standing;
        this.now = now;
    }

    /** How all unit files of a home begin. */
    static String prefix(HomeCommand home) {
        return "kairos-" + home.id() + "-";
    }

    /** Writes down what should be armed; one that cannot be stops none of the others. */
    Units arm(List<DesiredTrigger> desired) {
        Horizon.jobs(desired).stream().limit(Planner.MOST).forEach(this::armOne);
        Horizon.jobs(desired).stream().skip(Planner.MOST).forEach(trigger -> armed.put(trigger.jobId(), List.of()));
        List<String> wakes = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        wakes.add("OnCalendar=" + UnitCalendar.hourly(home.safetyMinute()));
        wakes.add("OnStartupSec=30s");
        Horizon.wakeAt(desired, now, Planner.MOST).ifPresent(at -> {
            armed.put(Job.WAKE_ID, List.of());
            if (isInTime(at, standing.getOrDefault(timer(Job.WAKE_ID), "").contains(UnitCalendar.at(at)))) {
                wakes.add("OnCalendar=" + UnitCalendar.at(at));
            } else {
                overdue.add(Job.WAKE_ID + "@" + at);
            }
        });
        onItsWay.ifPresent(at ->
                wakes.add("OnCalendar=" + UnitCalendar.at(CronTime.minute(at).plus(Draft.LOOK_AGAIN))));
        Instant soonest = CronTime.minute(now.plus(Planner.MARGIN)).plus(Duration.ofMinutes(1));
        Optional<Retry> before =
                Retry.read(standing.getOrDefault(timer(Job.WAKE_ID), "").lines().toList());
        Retry.next(overdue, before, now, soonest).ifPresent(retry -> {
            notes.add(retry.note());
            wakes.add("OnCalendar=" + UnitCalendar.at(retry.at()));
        });
        put(Job.WAKE_ID, notes, wakes, commands.detached(Job.WAKE_ID));
        return this;
    }

    private void armOne(DesiredTrigger trigger) {
        String id = trigger.jobId();
        try {
            ZoneId zone = trigger.schedule()
                    .filter(schedule -> schedule.kind() == Schedule.Kind.CRON)
                    .map(Schedule::zone)
                    .filter(UnitCalendar::knows)
                    .orElse(ZoneOffset.UTC);
            ZoneId named = zone.equals(ZoneOffset.UTC) ? ZoneId.of("UTC") : zone;
            Rule rule = Rule.of(trigger, named, shortest);
            List<String> calendar = rule.fold(
                    fields -> UnitCalendar.of(fields, named),
                    each -> List.of("*-*-* *:*:00 UTC"),
                    once -> List.of(UnitCalendar.at(once.at())));
            List<String> words =
                    rule instanceof Rule.EachMinute each ? commands.eachOfTheMinute(id, each) : commands.detached(id);
            List<String> lines =
                    calendar.stream().map(line -> "OnCalendar=" + line).toList();
            armed.put(id, List.of());
            if (!isInTime(trigger.dueAt(), timerText(id, List.of(), lines).equals(standing.get(timer(id))))) {
                overdue.add(id + "@" + trigger.dueAt());
                if (rule instanceof Rule.Once) {
                    return;
                }
            }
            put(id, List.of(), lines, words);
            armed.put(id, List.of(files.get(timer(id))));
        } catch (RuntimeException broken) {
            refused.put(id, Refusal.words(broken));
        }
    }

    private boolean isInTime(Instant at, boolean isStanding) {
        if (at.isAfter(now.plus(Planner.MARGIN))) {
            return true;
        }
        boolean isInTime = isStanding && now.isBefore(at.plus(ON_ITS_WAY));
        if (isInTime && !at.isAfter(now)) {
            onItsWay = Optional.of(onItsWay.filter(at::isAfter).orElse(at));
        }
        return isInTime;
    }

    private void put(String id, List<String> notes, List<String> times, List<String> words) {
        files.put(timer(id), timerText(id, notes, times));
        List<String> service = new ArrayList<>(head(id, List.of()));
        // The run goes on in the background, so that the next time is not passed over while it lasts.
        service.addAll(List.of("[Service]", "Type=oneshot", "KillMode=process"));
        service.add("ExecStart=" + ShellCommand.inUnit(words));
        files.put(prefix(home) + id + ".service", String.join("\n", service) + "\n");
    }

    private String timerText(String id, List<String> notes, List<String> times) {
        List<String> timer = new ArrayList<>(head(id, notes));
        timer.add("[Timer]");
        timer.addAll(times);
        timer.addAll(List.of("Persistent=true", "AccuracySec=1s", "", "[Install]", "WantedBy=timers.target"));
        return String.join("\n", timer) + "\n";
    }

    private List<String> head(String id, List<String> notes) {
        List<String> head = new ArrayList<>();
        head.add("# Managed by Kairos: edits are overwritten. To remove it: kairos provider switch builtin");
        head.add("# home " + home.home());
        head.addAll(notes);
        head.addAll(List.of("[Unit]", "Description=Kairos job " + id + " of " + home.id(), ""));
        return head;
    }

    private String timer(String id) {
        return prefix(home) + id + ".timer";
    }

    /** The unit files by name. */
    Map<String, String> files() {
        return files;
    }

    Plan plan() {
        return new Plan(List.of(), armed, refused, Optional.empty());
    }
}
