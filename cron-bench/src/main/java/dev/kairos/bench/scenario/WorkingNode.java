package dev.kairos.bench.scenario;

import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.builtin.CronRuntime;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.TriggerBuilder;

/** A process of {@link KilledNode}: a node whose one job says that it runs, and goes on for long. */
public final class WorkingNode {
    static final String READY = "ready";
    static final String RUNS = "runs";

    private static final Duration WORK = Duration.ofMinutes(10);

    private WorkingNode() {}

    /**
     * Works until it is killed.
     *
     * @param args the contender, the URL of its database, a folder, whether it stores the job
     */
    public static void main(String[] args) throws Exception {
        boolean isFirst = Boolean.parseBoolean(args[3]);
        if (args[0].equals("kairos")) {
            kairos(args[1], Path.of(args[2]), isFirst);
        } else {
            quartz(args[1], isFirst);
        }
        System.out.println(READY);
        Thread.sleep(WORK.toMillis());
    }

    private static void work() {
        System.out.println(RUNS);
        try {
            Thread.sleep(WORK.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void kairos(String url, Path home, boolean isFirst) {
        CronRuntime runtime = CronRuntime.builder()
                .home(home)
                .setting("store.url", url)
                .handler("work", call -> {
                    work();
                    return "";
                })
                .build();
        if (isFirst) {
            runtime.jobs()
                    .create(JobDefinition.builder()
                            .set(JobField.NAME, "work")
                            .set(JobField.SCHEDULE, Schedule.once(Instant.now().plusSeconds(1), ZoneOffset.UTC))
                            .set(JobField.HANDLER, "work")
                            .build());
        }
        runtime.start();
    }

    private static void quartz(String url, boolean isFirst) throws Exception {
        if (isFirst) {
            QuartzSettings.makeTables(url);
        }
        Scheduler scheduler = QuartzSettings.clustered(url, 10, "killed").scheduler();
        if (isFirst) {
            scheduler.scheduleJob(
                    JobBuilder.newJob(Work.class)
                            .withIdentity("work")
                            .requestRecovery()
                            .build(),
                    TriggerBuilder.newTrigger().startNow().build());
        }
        scheduler.start();
    }

    /** Quartz's form of the work. */
    public static final class Work implements Job {
        @Override
        public void execute(JobExecutionContext context) {
            work();
        }
    }
}
