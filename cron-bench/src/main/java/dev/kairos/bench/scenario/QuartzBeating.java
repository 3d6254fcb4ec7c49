package dev.kairos.bench.scenario;

import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;

/** Quartz, its jobs by interval. */
final class QuartzBeating implements Beating {
    private static final String BEAT = "beat";

    private final Scheduler scheduler;

    /** A job that says when it was to begin. */
    public static final class Reporting implements Job {
        @Override
        public void execute(JobExecutionContext context) {
            try {
                Beat beat = (Beat) Objects.requireNonNull(
                        context.getScheduler().getContext().get(BEAT));
                beat.begins(context.getScheduledFireTime().toInstant());
            } catch (SchedulerException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    QuartzBeating(QuartzSettings settings) throws SchedulerException {
        scheduler = settings.scheduler();
    }

    @Override
    public void start(int jobs, Beat beat) throws SchedulerException {
        scheduler.getContext().put(BEAT, beat);
        Date first = Date.from(Instant.now().plusSeconds(2));
        Map<JobDetail, Set<? extends Trigger>> all = new HashMap<>();
        for (int i = 0; i < jobs; i++) {
            all.put(
                    JobBuilder.newJob(Reporting.class).withIdentity("beat-" + i).build(),
                    Set.of(TriggerBuilder.newTrigger()
                            .withIdentity("beat-" + i)
                            .startAt(first)
                            .withSchedule(SimpleScheduleBuilder.repeatSecondlyForever())
                            .build()));
        }
        scheduler.scheduleJobs(all, false);
        scheduler.start();
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
