package dev.kairos.examples.brief;

import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.builtin.CronRuntime;
import dev.kairos.builtin.RuntimeBuilder;
import dev.kairos.orchestrator.jobs.Caller;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A brief of what changed in a repository, every weekday at nine, and once now. Without a key a stand-in on this machine
 * answers; with {@code OPENAI_API_KEY} a real model does ({@code OPENAI_MODEL}, {@code OPENAI_BASE_URL} choose another).
 *
 * <pre>{@code mvn -q compile exec:exec -pl examples/daily-brief -am -Dquick}</pre>
 */
public final class DailyBrief {
    private DailyBrief() {}

    /** Makes the home (the first argument, else a temporary one), declares the job and lets it run once. */
    public static void main(String[] arguments) throws Exception {
        Path home = arguments.length > 0 ? Path.of(arguments[0]) : Files.createTempDirectory("daily-brief");
        try (FakeModel fake = new FakeModel()) {
            brief(home, Path.of("").toAbsolutePath(), System.getenv(), fake.url(), System.out);
        }
        System.exit(0);
    }

    static void brief(Path home, Path repository, Map<String, String> variables, String fakeUrl, PrintStream out)
            throws Exception {
        place("SKILL.md", home.resolve("skills/brief/SKILL.md"));
        place("changes.sh", home.resolve("scripts/changes.sh"));
        RuntimeBuilder builder = CronRuntime.builder()
                .home(home)
                .caller(Caller.operator())
                .channel(new Printed(out))
                .setting("agent.models.main.api", "openai");
        Optional<String> key = Optional.ofNullable(variables.get("OPENAI_API_KEY"));
        key.ifPresent(secret -> builder.setting("agent.models.main.key", secret));
        Optional.ofNullable(variables.get("OPENAI_BASE_URL"))
                .or(() -> key.isPresent() ? Optional.empty() : Optional.of(fakeUrl))
                .ifPresent(url -> builder.setting("agent.models.main.base_url", url));
        builder.setting("agent.models.main.model", variables.getOrDefault("OPENAI_MODEL", "gpt-5-mini"));
        try (CronRuntime kairos = builder.build()) {
            Job job = kairos.jobs().list().stream()
                    .filter(known -> known.displayName().equals("daily-brief"))
                    .findFirst()
                    .orElseGet(() -> declared(kairos, repository));
            kairos.join();
            kairos.jobs().requestRun(job.id());
            kairos.runDue(Duration.ofMinutes(5));
        }
    }

    private static Job declared(CronRuntime kairos, Path repository) {
        return kairos.jobs()
                .create(JobDefinition.builder()
                        .set(JobField.NAME, "daily-brief")
                        .set(
                                JobField.SCHEDULE,
                                kairos.jobs()
                                        .readSchedule("weekdays at 9am", Optional.empty())
                                        .schedule())
                        .set(JobField.PROMPT, "Tell me what changed in the repository and what of it matters.")
                        .set(JobField.SKILLS, List.of("brief"))
                        .set(JobField.SCRIPT, "changes.sh")
                        .set(JobField.ENV, Map.of("REPOSITORY", repository.toString()))
                        .set(JobField.DELIVER, List.of("terminal:me"))
                        .build())
                .job();
    }

    private static void place(String resource, Path file) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        try (InputStream from =
                Objects.requireNonNull(DailyBrief.class.getResourceAsStream(resource), "missing: " + resource)) {
            Files.write(file, from.readAllBytes());
        }
    }
}
