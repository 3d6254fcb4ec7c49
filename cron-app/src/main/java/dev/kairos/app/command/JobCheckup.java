package dev.kairos.app.command;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.JobState;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.app.terminal.TimeText;
import dev.kairos.orchestrator.jobs.SetAside;
import dev.kairos.orchestrator.run.ScriptFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What doctor looks at in each job. */
final class JobCheckup {
    private static final Duration OVERDUE = Duration.ofMinutes(15);
    private static final Duration AHEAD = Duration.ofMinutes(5);
    private static final int MOST = 10_000;
    private static final int ROWS = 100;
    private static final Set<String> FAILED = Set.of("error", "timed_out", "unknown", "blocked_config");

    private final OpenHome home;
    private final Instant now;
    private final List<Finding> findings;

    JobCheckup(Session session, OpenHome home, List<Finding> findings) {
        this.home = home;
        this.now = session.now();
        this.findings = findings;
    }

    void look(List<Job> jobs) {
        jobs.forEach(this::lastRun);
        jobs.forEach(this::timing);
        rows();
        jobs.forEach(this::files);
        jobs.forEach(this::work);
        jobs.forEach(this::stateLost);
    }

    private void stateLost(Job job) {
        job.definition()
                .get(JobField.PAUSED_REASON)
                .filter(reason -> reason.startsWith("state_lost"))
                .ifPresent(reason -> add(
                        "Lost store",
                        job,
                        "it is paused, since the store it was kept in is gone and nobody knows whether it ran",
                        "kairos resume " + job.id() + " lets it be due again; kairos remove " + job.id()
                                + " if it ran already"));
    }

    private void add(String group, Job job, String what, String advice) {
        findings.add(new Finding(group, Echo.title(job) + ": " + what, advice));
    }

    private void lastRun(Job job) {
        EngineState.LastRun last = job.engine().lastRun();
        last.status()
                .filter(FAILED::contains)
                .ifPresent(word -> add(
                        "Failed runs",
                        job,
                        "the last run ended " + word
                                + last.error()
                                        .map(error ->
                                                ": " + error.lines().findFirst().orElse(""))
                                        .orElse(""),
                        (keptOutput(job, word)
                                        ? "kairos output " + job.id() + " shows what it said"
                                        : "it left no output; kairos runs " + job.id() + " shows what happened")
                                + "; kairos run " + job.id() + " --wait tries it again"));
    }

    /** Whether the newest run that ended so left something to read: a node that died wrote nothing. */
    private boolean keptOutput(Job job, String word) {
        return home.store().ledger().list(ExecutionQuery.ofJob(job.id(), ROWS)).stream()
                .filter(row -> row.status().word().equals(word))
                .findFirst()
                .flatMap(Execution::output)
                .isPresent();
    }

    private void timing(Job job) {
        if (job.engine().state() == JobState.ERROR) {
            SetAside.reason(job.definition())
                    .ifPresentOrElse(
                            why -> add(
                                    "Records set aside",
                                    job,
                                    "its record cannot be read: " + why,
                                    job.definition().fault().isPresent()
                                            ? "it goes on by itself where this can be read (a newer Java knows more"
                                                    + " zones); or mend it: kairos edit " + job.id() + " --schedule ..."
                                            : "mend the record in cron/jobs.json, or remove it: kairos remove "
                                                    + job.id()),
                            () -> add(
                                    "Schedules",
                                    job,
                                    "its schedule cannot be computed",
                                    "give it another: kairos edit " + job.id() + " --schedule ..."));
        }
        Backlog.overdue(job, now.minus(OVERDUE))
                .ifPresent(due -> add(
                        "Overdue",
                        job,
                        "it has been due for " + TimeText.rough(Duration.between(due, now)),
                        "see whether something fires, and can run it: kairos status"));
        job.engine()
                .lastScheduledAt()
                .filter(last -> last.isAfter(now.plus(AHEAD)))
                .ifPresent(last -> add(
                        "Clock and zone",
                        job,
                        "it ran for an instant that is yet to come (" + TimeText.machine(last)
                                + "): a clock was wrong, and it stays silent until then",
                        "see that the clock is right, then: kairos resume " + job.id() + " --reset"));
    }

    /** Rows that wait though their instant has passed: further attempts, queued runs. */
    private void rows() {
        Set<ExecutionStatus> waiting = Set.of(ExecutionStatus.QUEUED, ExecutionStatus.RETRY);
        for (Execution row :
                home.store().ledger().list(ExecutionQuery.newest(MOST).in(waiting))) {
            Optional<Job> job = home.store().jobs().find(row.jobId());
            Optional<Instant> due = row.dueAt().filter(now.minus(OVERDUE)::isAfter);
            if (job.isPresent() && due.isPresent()) {
                add(
                        "Overdue",
                        job.get(),
                        "a run of it (" + row.status().word() + ") has been due for "
                                + TimeText.rough(Duration.between(due.get(), now)),
                        "see whether something fires, and can run it: kairos status");
            }
        }
    }

    /** What the job's runner says that it lacks: a key, a model, skills. */
    private void work(Job job) {
        try {
            for (String lack : home.jobs().rules().checkWork(job.definition())) {
                CommandFailure told = Failures.saysWhatToDo(lack, "kairos show " + job.id() + " shows the job");
                add("Agents", job, String.valueOf(told.getMessage()), told.advice());
            }
        } catch (InvalidInputException refused) {
            add("Agents", job, String.valueOf(refused.getMessage()), refused.accepted());
        }
    }

    private void files(Job job) {
        JobDefinition definition = job.definition();
        definition.get(JobField.SCRIPT).ifPresent(script -> {
            try {
                ScriptFile.resolve(home.folder(), script);
            } catch (InvalidInputException e) {
                add("Scripts", job, "its script " + script + ": " + e.reason(), e.accepted());
            }
        });
        definition
                .get(JobField.WORKDIR)
                .map(Path::of)
                .filter(folder -> !Files.isDirectory(folder))
                .ifPresent(folder -> add(
                        "Scripts",
                        job,
                        "its working folder " + folder + " is gone",
                        "make it, or clear it: kairos edit " + job.id() + " --no-workdir"));
    }
}
