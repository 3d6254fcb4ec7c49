package dev.kairos.provider.dbscheduler;

import com.github.kagkarlsson.scheduler.ScheduledExecutionsFilter;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.SchedulerClient.ScheduleOptions;
import com.github.kagkarlsson.scheduler.exceptions.ExecutionException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceCurrentlyExecutingException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceNotFoundException;
import com.github.kagkarlsson.scheduler.task.SchedulableInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our triggers in db-scheduler's table: the instances of one task, each under its job's id. Nobody else's are looked at.
 * The table counts in microseconds and clocks in less: an instant is armed at the millisecond that is not before it.
 */
final class ArmedSet {
    static final String TASK = "kairos-fire";

    private static final Logger LOG = LoggerFactory.getLogger("cron.db-scheduler");
    /** As many are written in one transaction. */
    private static final int AT_ONCE = 200;

    private final SchedulerClient client;

    ArmedSet(SchedulerClient client) {
        this.client = client;
    }

    /**
     * What could not be armed.
     *
     * @param busy fires just now, on whatever node: to be tried again soon
     * @param failed what the database refused
     */
    record Left(Set<String> busy, Set<String> failed) {}

    /** What is armed, by job id. */
    Map<String, Instant> all() throws EngineTrouble {
        Map<String, Instant> armed = new TreeMap<>();
        try {
            client.fetchScheduledExecutionsForTask(
                    TASK,
                    Void.class,
                    ScheduledExecutionsFilter.all(),
                    each -> armed.put(each.getTaskInstance().getId(), each.getExecutionTime()));
        } catch (RuntimeException e) {
            throw new EngineTrouble(e);
        }
        return armed;
    }

    /** The instant as the table can hold it. */
    static Instant armable(Instant dueAt) {
        Instant cut = dueAt.truncatedTo(ChronoUnit.MILLIS);
        return cut.isBefore(dueAt) ? cut.plusMillis(1) : cut;
    }

    /**
     * Arms each of these at its instant, in place of whatever it had. One that cannot be armed keeps no other from it.
     *
     * @throws EngineTrouble if none could be, although none fires
     */
    Left arm(Map<String, Instant> triggers) throws EngineTrouble {
        Map<String, Instant> left = triggers.size() > AT_ONCE / 10 ? withoutNew(triggers) : triggers;
        Left result = new Left(new TreeSet<>(), new TreeSet<>());
        for (Map.Entry<String, Instant> each : left.entrySet()) {
            try {
                if (!client.schedule(
                        instance(each.getKey()), each.getValue(), ScheduleOptions.WHEN_EXISTS_RESCHEDULE)) {
                    result.busy().add(each.getKey());
                }
            } catch (TaskInstanceCurrentlyExecutingException | TaskInstanceNotFoundException | ExecutionException e) {
                result.busy().add(each.getKey()); // or it ends, or begins, between two of the statements
            } catch (RuntimeException e) {
                result.failed().add(each.getKey());
                if (result.failed().size() == left.size()) {
                    throw new EngineTrouble(e);
                }
                LOG.warn("cron.db-scheduler-not-armed job={} reason={}", each.getKey(), PlainTrouble.of(e));
            }
        }
        return result;
    }

    /** Arms in few transactions what is not there at all, as at a first start, and answers the rest. */
    private Map<String, Instant> withoutNew(Map<String, Instant> triggers) throws EngineTrouble {
        Map<String, Instant> left = new TreeMap<>(triggers);
        List<String> fresh = new ArrayList<>(triggers.keySet());
        fresh.removeAll(all().keySet());
        for (int from = 0; from < fresh.size(); from += AT_ONCE) {
            List<String> some = fresh.subList(from, Math.min(fresh.size(), from + AT_ONCE));
            List<SchedulableInstance<?>> made = new ArrayList<>();
            for (String id : some) {
                made.add(SchedulableInstance.of(instance(id), triggers.getOrDefault(id, Instant.EPOCH)));
            }
            try {
                client.scheduleBatch(made);
                left.keySet().removeAll(some);
            } catch (RuntimeException e) {
                LOG.debug("cron.db-scheduler another node armed some of these too; they are armed one by one", e);
            }
        }
        return left;
    }

    /** Takes these back; one that is not armed, or fires just now, is passed over. */
    void cancel(Collection<String> jobIds) throws EngineTrouble {
        for (String jobId : jobIds) {
            try {
                client.cancel(TaskInstanceId.of(TASK, jobId));
            } catch (TaskInstanceNotFoundException | TaskInstanceCurrentlyExecutingException e) {
                LOG.debug("cron.db-scheduler job={} has no trigger to take back", jobId);
            } catch (RuntimeException e) {
                throw new EngineTrouble(e);
            }
        }
    }

    /** Throws if the database does not answer. */
    void probe() throws EngineTrouble {
        try {
            client.getScheduledExecution(TaskInstanceId.of(TASK, "_wake"));
        } catch (RuntimeException e) {
            throw new EngineTrouble(e);
        }
    }

    private static TaskInstance<Void> instance(String jobId) {
        return new TaskInstance<>(TASK, jobId);
    }
}
