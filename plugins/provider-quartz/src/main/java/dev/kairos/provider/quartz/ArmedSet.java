package dev.kairos.provider.quartz;

import static org.quartz.JobBuilder.newJob;
import static org.quartz.SimpleScheduleBuilder.simpleSchedule;
import static org.quartz.TriggerBuilder.newTrigger;

import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.quartz.JobDetail;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerKey;
import org.quartz.impl.matchers.GroupMatcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our triggers inside Quartz: those of one group, all of one Quartz job, each under its job's id. Nobody else's are looked
 * at. Quartz counts in milliseconds: an instant is armed at the millisecond that is not before it.
 */
final class ArmedSet {
    static final String GROUP = "kairos";

    private static final Logger LOG = LoggerFactory.getLogger("cron.quartz");
    private static final JobKey FIRE = JobKey.jobKey("fire", GROUP);
    /** As many are written in one transaction. */
    private static final int AT_ONCE = 200;

    private final Scheduler quartz;
    private final QuartzClock clock;
    private final Optional<Table> table;

    /** @param table where Quartz keeps them in a database; it is asked in one go there */
    ArmedSet(Scheduler quartz, QuartzClock clock, Optional<Table> table) {
        this.quartz = quartz;
        this.clock = clock;
        this.table = table;
    }

    /** Where the triggers of the group stand. */
    @FunctionalInterface
    interface Table {
        Map<String, Instant> armed() throws SQLException;
    }

    /** What is armed, by job id, as the host's clock will show it. */
    Map<String, Instant> all() throws SchedulerException {
        Map<String, Instant> armed = inQuartz();
        armed.replaceAll((id, at) -> clock.ofHost(at));
        return armed;
    }

    private Map<String, Instant> inQuartz() throws SchedulerException {
        if (table.isPresent()) {
            try {
                return table.get().armed();
            } catch (SQLException e) {
                throw new SchedulerException("the table of triggers cannot be read", e);
            }
        }
        Map<String, Instant> armed = new TreeMap<>();
        for (TriggerKey key : quartz.getTriggerKeys(GroupMatcher.triggerGroupEquals(GROUP))) {
            Trigger trigger = quartz.getTrigger(key);
            if (trigger != null && trigger.getNextFireTime() != null) {
                armed.put(key.getName(), trigger.getNextFireTime().toInstant());
            }
        }
        return armed;
    }

    /** The instant as Quartz can hold it. */
    static Instant armable(Instant dueAt) {
        Instant cut = dueAt.truncatedTo(ChronoUnit.MILLIS);
        return cut.isBefore(dueAt) ? cut.plusMillis(1) : cut;
    }

    /**
     * Arms each of these at its instant, in place of whatever it had. One that cannot be armed keeps no other from it.
     *
     * @return those that could not be armed
     * @throws SchedulerException if none could be
     */
    Set<String> arm(Map<String, Instant> triggers) throws SchedulerException {
        Set<String> failed = new TreeSet<>();
        List<Map.Entry<String, Instant>> left = new ArrayList<>(triggers.entrySet());
        for (int from = 0; from < left.size(); from += AT_ONCE) {
            List<Map.Entry<String, Instant>> some = left.subList(from, Math.min(left.size(), from + AT_ONCE));
            try {
                put(some);
            } catch (SchedulerException | RuntimeException e) {
                failed.addAll(armEach(some));
            }
        }
        return failed;
    }

    private Set<String> armEach(List<Map.Entry<String, Instant>> triggers) throws SchedulerException {
        Set<String> failed = new TreeSet<>();
        for (Map.Entry<String, Instant> trigger : triggers) {
            try {
                put(List.of(trigger));
            } catch (SchedulerException | RuntimeException e) {
                failed.add(trigger.getKey());
                if (failed.size() == triggers.size()) {
                    throw e instanceof SchedulerException trouble ? trouble : new SchedulerException(e);
                }
                LOG.warn("cron.quartz-not-armed job={} reason={}", trigger.getKey(), e.toString());
            }
        }
        return failed;
    }

    private void put(Collection<Map.Entry<String, Instant>> triggers) throws SchedulerException {
        Set<Trigger> made = new HashSet<>();
        for (Map.Entry<String, Instant> each : triggers) {
            made.add(newTrigger()
                    .withIdentity(key(each.getKey()))
                    .forJob(FIRE)
                    .startAt(Date.from(armable(clock.ofQuartz(each.getValue()))))
                    // Overdue by whatever: it fires at once, and the host's misfire policy says what becomes of it.
                    .withSchedule(simpleSchedule().withMisfireHandlingInstructionIgnoreMisfires())
                    .build());
        }
        quartz.scheduleJobs(Map.of(fire(), made), true);
    }

    /** Asked for recovery, the trigger of a node that died between Quartz's commit and the host's claim comes again. */
    private static JobDetail fire() {
        return newJob(FireJob.class)
                .withIdentity(FIRE)
                .storeDurably()
                .requestRecovery()
                .build();
    }

    /** Takes these back; one that is not armed is passed over. */
    void cancel(Collection<String> jobIds) throws SchedulerException {
        List<TriggerKey> there = new ArrayList<>();
        for (String jobId : jobIds) {
            if (quartz.checkExists(key(jobId))) { // costs no lock that all nodes share
                there.add(key(jobId));
            }
        }
        if (!there.isEmpty()) {
            quartz.unscheduleJobs(there);
        }
    }

    private static TriggerKey key(String jobId) {
        return TriggerKey.triggerKey(jobId, GROUP);
    }

    /** Throws if Quartz's store does not answer. */
    void probe() throws SchedulerException {
        quartz.checkExists(FIRE);
    }
}
