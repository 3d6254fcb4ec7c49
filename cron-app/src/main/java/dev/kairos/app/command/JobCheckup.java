package dev.kairos.app.command;

import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.JobState;
import dev.kairos.app.terminal.TimeText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** What doctor looks at in each job. */
final class JobCheckup {
    private static final Duration OVERDUE = Duration.ofMinutes(15);
    private static final Set<String> FAILED = Set.of("error", "timed_out", "unknown", "blocked_config");

    private final OpenHome home;
    private final Instant now;
    private final List<Finding> findings;

    JobCheckup(Session session, OpenHome home, List<Finding> findings) {
        this.home = home;
        this.now = session.environment().now();
        this.findings = findings;
    }

    void look() {
        List<Job> jobs = home.store().jobs().list();
        jobs.forEach(this::lastRun);
        jobs.forEach(this::timing);
        jobs.forEach(this::files);
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
                        "kairos output " + job.id() + " shows what it said; kairos run " + job.id()
                                + " --wait tries it again"));
        last.deliveryStatus()
                .filter("failed"::equals)
                .ifPresent(word -> add(
                        "Deliveries",
                        job,
                        "the last delivery failed"
                                + last.deliveryError()
                                        .map(error -> ": " + error)
                                        .orElse(""),
                        "check the target: kairos show " + job.id()));
    }

    private void timing(Job job) {
        if (job.engine().state() == JobState.ERROR) {
            add(
                    "Schedules",
                    job,
                    "its schedule cannot be computed",
                    "give it another: kairos edit " + job.id() + " --schedule ...");
        }
        job.engine()
                .dueAt()
                .filter(due -> due.plus(OVERDUE).isBefore(now))
                .ifPresent(due -> add(
                        "Overdue",
                        job,
                        "it has been due for " + TimeText.rough(Duration.between(due, now)),
                        "see whether something fires, and can run it: kairos status"));
    }

    private void files(Job job) {
        JobDefinition definition = job.definition();
        definition.get(JobField.SCRIPT).ifPresent(script -> {
            Path scripts = home.folder().resolve("scripts");
            Path file = scripts.resolve(script).normalize();
            if (!Files.exists(file)) {
                add(
                        "Scripts",
                        job,
                        "its script " + file + " is not there",
                        "put it there, or name another with kairos edit");
            } else if (isOutside(scripts, file)) {
                add(
                        "Scripts",
                        job,
                        "its script " + file + " leads outside the scripts folder",
                        "copy it into " + scripts);
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

    private static boolean isOutside(Path scripts, Path file) {
        try {
            return !file.toRealPath().startsWith(scripts.toRealPath());
        } catch (IOException e) {
            return true;
        }
    }
}
