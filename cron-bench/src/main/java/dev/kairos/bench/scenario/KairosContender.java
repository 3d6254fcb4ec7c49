package dev.kairos.bench.scenario;

import dev.kairos.api.event.CronEvent;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.builtin.CronRuntime;
import dev.kairos.orchestrator.jobs.NewJob;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Kairos with the built-in ticker: one-shots run by a handler. */
final class KairosContender implements Contender {
    private final CronRuntime runtime;
    private final AtomicLong completed = new AtomicLong();

    KairosContender(Path home, String storeUrl, int parallel, Ran ran) {
        this.runtime = CronRuntime.builder()
                .home(home)
                .setting("store.url", storeUrl)
                .setting("cron.jobs_file", "false")
                .setting("cron.max_parallel_jobs", Integer.toString(parallel))
                .handler("noop", call -> {
                    ran.ran(Integer.parseInt(
                            call.request().job().definition().name().substring(1)));
                    return "";
                })
                .listener(this::heard)
                .build();
    }

    /** Events are told after their commit. */
    private void heard(CronEvent event) {
        if (event.name().equals("cron.run-ended")) {
            completed.incrementAndGet();
        }
    }

    @Override
    public void store(int jobs, Instant dueAt) {
        List<NewJob> all = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            all.add(NewJob.of(JobDefinition.builder()
                    .set(JobField.NAME, "j" + i)
                    .set(JobField.SCHEDULE, Schedule.once(dueAt, ZoneOffset.UTC))
                    .set(JobField.HANDLER, "noop")
                    .build()));
        }
        runtime.jobs().createAll(all);
    }

    @Override
    public void start() {
        runtime.start();
    }

    @Override
    public long completed() {
        return completed.get();
    }

    @Override
    public void close() {
        runtime.close();
    }
}
