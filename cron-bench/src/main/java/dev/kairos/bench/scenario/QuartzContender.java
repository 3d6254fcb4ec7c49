package dev.kairos.bench.scenario;

import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;

/** Quartz, batches allowed. */
final class QuartzContender implements Contender {
    private static final String RAN = "ran";

    private final Scheduler scheduler;
    private final AtomicLong completed = new AtomicLong();

    /** A job that says that it ran. */
    public static final class Noop implements Job {
        @Override
        public void execute(JobExecutionContext context) {
            try {
                Ran ran = (Ran) Objects.requireNonNull(
                        context.getScheduler().getContext().get(RAN));
                ran.ran(Integer.parseInt(context.getJobDetail().getKey().getName()));
            } catch (SchedulerException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    QuartzContender(QuartzSettings settings, Ran ran) throws SchedulerException {
        scheduler = settings.scheduler();
        scheduler.getContext().put(RAN, (Ran) job -> {
            ran.ran(job);
            completed.incrementAndGet();
        });
    }

    @Override
    public void store(int jobs, Instant dueAt) throws Exception {
        Map<JobDetail, Set<? extends Trigger>> all = new HashMap<>();
        for (int i = 0; i < jobs; i++) {
            String name = Integer.toString(i);
            all.put(
                    JobBuilder.newJob(Noop.class).withIdentity(name).build(),
                    Set.of(TriggerBuilder.newTrigger()
                            .withIdentity(name)
                            .startAt(Date.from(dueAt))
                            .build()));
        }
        scheduler.scheduleJobs(all, false);
    }

    @Override
    public void start() throws Exception {
        scheduler.start();
    }

    @Override
    public long completed() {
        return completed.get();
    }

    @Override
    public void close() {
        try {
            scheduler.shutdown(false);
        } catch (SchedulerException e) {
            throw new IllegalStateException(e);
        }
    }
}
