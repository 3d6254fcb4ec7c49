package dev.kairos.provider.matrix;

import dev.kairos.api.FireCommandLine;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.JobState;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.ledger.Trigger;
import dev.kairos.api.run.JobHandler;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.builtin.CronRuntime;
import dev.kairos.builtin.RuntimeBuilder;
import dev.kairos.orchestrator.jobs.Caller;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** One node behind one provider, which can be closed and opened again on the same store. */
final class Node implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(40);
    /** The work of every job. */
    static final String WORK = "work";

    private static final Set<ExecutionStatus> OPEN = Arrays.stream(ExecutionStatus.values())
            .filter(ExecutionStatus::isOpen)
            .collect(Collectors.toSet());

    private final MovedMachine time;
    private final Path home;
    private final String provider;
    private final Map<String, String> settings;
    private final JobHandler work;
    private final Map<String, String> names = new HashMap<>();
    private Optional<AutoCloseable> way = Optional.empty();
    private volatile Optional<CronRuntime> runtime = Optional.empty();

    Node(MovedMachine time, Path home, String provider, Map<String, String> settings, JobHandler work) {
        this.time = time;
        this.home = home;
        this.provider = provider;
        this.settings = settings;
        this.work = work;
    }

    /** Opens the store; nothing fires yet. */
    CronRuntime open() throws IOException {
        RuntimeBuilder builder = CronRuntime.builder()
                .home(home)
                .caller(Caller.operator())
                .environment(time)
                .variables(Map.of())
                .setting("store.url", "jdbc:sqlite:" + home.resolve("state.db"))
                .setting("cron.jobs_file", "false")
                .setting("cron.provider", provider)
                .settings(settings)
                .capability(
                        FireCommandLine.class,
                        jobId -> List.of("/opt/kairos/kairos", "fire", jobId, "--home", home.toString()))
                .handler(WORK, work);
        CronRuntime opened = builder.build();
        runtime = Optional.of(opened);
        if (way.isEmpty()) {
            way = way();
        }
        return opened;
    }

    /** By which the engine reaches the node. */
    private Optional<AutoCloseable> way() throws IOException {
        String callback = settings.get("cron.chronos.callback_url");
        if (callback != null) {
            return Optional.of(new Entrance(callback, () -> runtime));
        }
        String crontab = settings.get("cron.crontab.command");
        return Optional.ofNullable(crontab)
                .map(program -> new StandInCron(time, Path.of(program).resolveSibling("table"), () -> runtime));
    }

    /** Lets the provider fire, and waits until it is armed. */
    Node start() {
        present().start();
        await(
                "armed",
                () -> present().status().provider().state().equals("armed")
                        && present().status().provider().name().equals(provider));
        return this;
    }

    /** Waits, and tells the rows where that is in vain. */
    void await(String what, Callable<Boolean> isDone) {
        try {
            Awaitility.await().atMost(LONG).pollInterval(Duration.ofMillis(50)).until(isDone);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    what + " did not come; at " + time.now() + ", "
                            + present().status().provider() + ", rows " + rowsWithSource(),
                    e);
        }
    }

    CronRuntime present() {
        return runtime.orElseThrow();
    }

    void end() {
        CronRuntime ending = present();
        runtime = Optional.empty();
        ending.close();
    }

    static JobDefinition job(String name, Schedule schedule) {
        return JobDefinition.builder()
                .set(JobField.NAME, name)
                .set(JobField.HANDLER, WORK)
                .set(JobField.SCHEDULE, schedule)
                .build();
    }

    static Schedule utc(String cron) {
        return Schedule.cron(cron, ZoneOffset.UTC);
    }

    /** All rows, oldest first: job, instant or "asked", attempt, outcome, and the reason where it never ran. */
    List<String> rows() {
        present()
                .jobs()
                .list()
                .forEach(job -> names.put(job.id(), job.definition().name()));
        return present().store().ledger().list(ExecutionQuery.newest(1_000)).stream()
                .map(this::words)
                .sorted()
                .toList();
    }

    /** The same with who pulled the trigger. */
    List<String> rowsWithSource() {
        present()
                .jobs()
                .list()
                .forEach(job -> names.put(job.id(), job.definition().name()));
        return present().store().ledger().list(ExecutionQuery.newest(1_000)).stream()
                .map(row -> words(row) + " by " + row.source().orElse("nobody"))
                .sorted()
                .toList();
    }

    private String words(Execution row) {
        String when = row.trigger() == Trigger.REQUEST
                ? "asked"
                : LocalTime.ofInstant(row.scheduledAt(), ZoneOffset.UTC).toString();
        String reason =
                row.status().word().equals("skipped") ? " " + row.reason().orElse("") : "";
        return names.getOrDefault(row.jobId(), row.jobId()) + " " + when + " " + row.attempt() + " "
                + row.status().word() + reason;
    }

    /** Whether nothing is due that nobody has decided about, and nothing is open. */
    boolean isQuiet() {
        Instant now = time.now();
        boolean isNoneDue = present().jobs().list().stream()
                .filter(job -> job.definition().isEnabled() && job.engine().state() != JobState.COMPLETED)
                .noneMatch(job -> isDue(job, now));
        return isNoneDue
                && present()
                        .store()
                        .ledger()
                        .list(ExecutionQuery.newest(1_000).in(OPEN))
                        .isEmpty();
    }

    private static boolean isDue(Job job, Instant now) {
        return job.engine().dueAt().filter(due -> !due.isAfter(now)).isPresent();
    }

    /** When each job is due next. */
    Map<String, Instant> due() {
        return present().jobs().list().stream()
                .filter(job -> job.definition().isEnabled())
                .filter(job -> job.engine().dueAt().isPresent())
                .collect(Collectors.toMap(Job::id, job -> job.engine().dueAt().orElseThrow()));
    }

    Set<String> completed() {
        return present().jobs().list().stream()
                .filter(job -> job.engine().state() == JobState.COMPLETED)
                .map(job -> job.definition().name())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public void close() throws Exception {
        if (runtime.isPresent()) {
            end();
        }
        if (way.isPresent()) {
            way.get().close();
        }
    }
}
