package dev.kairos.bench.scenario;

import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.builtin.CronRuntime;
import dev.kairos.orchestrator.jobs.NewJob;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Kairos with the built-in ticker: handlers by interval. */
final class KairosBeating implements Beating {
    private final Path home;
    private final String storeUrl;
    private @Nullable CronRuntime runtime;

    KairosBeating(Path home, String storeUrl) {
        this.home = home;
        this.storeUrl = storeUrl;
    }

    @Override
    public void start(int jobs, Beat beat) {
        CronRuntime started = CronRuntime.builder()
                .home(home)
                .setting("store.url", storeUrl)
                .setting("cron.jobs_file", "false")
                .setting("cron.max_parallel_jobs", Integer.toString(2 * jobs))
                .handler("beat", call -> {
                    beat.begins(call.request().execution().scheduledAt());
                    return "";
                })
                .build();
        runtime = started;
        List<NewJob> all = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            all.add(NewJob.of(JobDefinition.builder()
                    .set(JobField.NAME, "beat " + i)
                    .set(JobField.SCHEDULE, Schedule.interval(Duration.ofSeconds(1), ZoneOffset.UTC))
                    .set(JobField.HANDLER, "beat")
                    .build()));
        }
        started.jobs().createAll(all);
        started.start();
    }

    @Override
    public void close() {
        CronRuntime started = runtime;
        if (started != null) {
            started.close();
        }
    }
}
