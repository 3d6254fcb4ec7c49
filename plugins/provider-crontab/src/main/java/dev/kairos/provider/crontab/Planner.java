package dev.kairos.provider.crontab;

import dev.kairos.api.DesiredTrigger;
import dev.kairos.api.job.Job;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/**
 * Turns what should be armed into lines. Cron reads its table at the start of each minute, so a line for a minute that has
 * begun, or is about to, is no use unless it stands there already.
 */
final class Planner {
    /** So long before its minute a line must be written to be sure that cron sees it. */
    static final Duration MARGIN = Duration.ofSeconds(5);

    /** As many jobs have lines of their own; what is further away is woken for. */
    static final int MOST = 1_000;

    private final ShellCommand commands;
    private final ZoneId zone;
    private final Duration shortest;
    private final int safetyMinute;

    /**
     * A planner for one home.
     *
     * @param zone the zone in which cron reads its lines
     * @param shortest the shortest interval that is armed
     * @param safetyMinute the minute of the hourly wake-up
     */
    Planner(ShellCommand commands, ZoneId zone, Duration shortest, int safetyMinute) {
        this.commands = commands;
        this.zone = zone;
        this.shortest = shortest;
        this.safetyMinute = safetyMinute;
    }

    /**
     * The plan.
     *
     * @param desired what should be armed
     * @param standing the lines as they are now
     */
    Plan plan(List<DesiredTrigger> desired, List<String> standing, Instant now) {
        Draft draft = new Draft(standing, now);
        String wake = ShellCommand.inCrontab(commands.once(Job.WAKE_ID, 0));
        draft.put("# whatever waits: after a start of the machine, and hourly", "@reboot " + wake);
        draft.put(safetyMinute + " * * * * " + wake);
        List<DesiredTrigger> jobs = Horizon.jobs(desired);
        jobs.stream().limit(MOST).forEach(trigger -> arm(draft, trigger));
        jobs.stream().skip(MOST).forEach(trigger -> draft.armed(trigger.jobId()));
        Horizon.wakeAt(desired, now, MOST).ifPresent(at -> wakeAt(draft, at));
        draft.lookAgainAt()
                .ifPresent(at ->
                        draft.put("# for what is on its way, at " + at, CronTime.fields(at, zone) + " " + wake, at));
        Retry.next(draft.overdue(), Retry.read(standing), now, draft.soonestMinute())
                .ifPresent(
                        retry -> draft.put(retry.note(), CronTime.fields(retry.at(), zone) + " " + wake, retry.at()));
        return draft.plan();
    }

    /** One that cannot be armed stops none of the others. */
    private void arm(Draft draft, DesiredTrigger trigger) {
        String id = trigger.jobId();
        try {
            Rule rule = Rule.of(trigger, zone, shortest);
            if (rule instanceof Rule.Once once) {
                armOnce(draft, id, once.at());
            } else {
                String line = rule.fold(
                        fields -> fields.fields().text() + " "
                                + ShellCommand.inCrontab(commands.once(id, fields.second())),
                        each -> "* * * * * " + ShellCommand.inCrontab(commands.eachOfTheMinute(id, each)),
                        once -> "");
                if (!draft.isInTime(List.of("# job " + id, line), trigger.dueAt())) {
                    draft.isOverdue(id, trigger.dueAt());
                }
                draft.put("# job " + id, line);
                draft.armed(id, "# job " + id, line);
            }
        } catch (RuntimeException broken) {
            draft.refuse(id, Refusal.words(broken));
        }
    }

    private void armOnce(Draft draft, String id, Instant at) {
        String note = "# job " + id + " at " + at;
        String line = CronTime.fields(at, zone) + " " + ShellCommand.inCrontab(commands.once(id, CronTime.second(at)));
        if (draft.isInTime(List.of(note, line), at)) {
            draft.put(note, line, CronTime.minute(at));
            draft.armed(id, note, line);
        } else {
            draft.isOverdue(id, at);
        }
    }

    private void wakeAt(Draft draft, Instant at) {
        String note = "# wake-up at " + at;
        String line = CronTime.fields(at, zone) + " "
                + ShellCommand.inCrontab(commands.once(Job.WAKE_ID, CronTime.second(at)));
        if (draft.isInTime(List.of(note, line), at)) {
            draft.put(note, line, CronTime.minute(at));
            draft.armed(Job.WAKE_ID, note, line);
        } else {
            draft.isOverdue(Job.WAKE_ID, at);
        }
    }
}
