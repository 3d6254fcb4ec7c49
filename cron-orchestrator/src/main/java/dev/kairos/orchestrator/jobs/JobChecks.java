package dev.kairos.orchestrator.jobs;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.Misfire;
import dev.kairos.api.job.Retry;
import dev.kairos.api.schedule.Schedule;
import dev.kairos.api.store.Abilities;
import dev.kairos.orchestrator.plan.Timetable;
import dev.kairos.orchestrator.run.ScriptVariables;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Whether a definition may be stored. Every check is made before anything is written. */
final class JobChecks {
    private static final Pattern NEED = Pattern.compile("needs-[A-Za-z0-9._-]{1,64}");

    private final JobRules rules;
    private final Timetable timetable;

    JobChecks(JobRules rules, Timetable timetable) {
        this.rules = rules;
        this.timetable = timetable;
    }

    /**
     * The definition in the form it is stored in.
     *
     * @throws InvalidInputException for the first thing that cannot be accepted
     */
    JobDefinition accept(JobDefinition given) {
        given.fault().ifPresent(why -> {
            throw new InvalidInputException(
                    "job",
                    "",
                    "a field of it cannot be read here: " + why,
                    "give that field anew, for example with --schedule, or work where it can be read");
        });
        Schedule schedule = given.get(JobField.SCHEDULE)
                .orElseThrow(() -> new InvalidInputException(
                        "schedule", "", "it is missing", "say when the job is due, for example \"every 2h\""));
        checkWork(given);
        checkTiming(given, schedule);
        checkPaths(given);
        checkTags(given.tags());
        ScriptVariables.check(given.get(JobField.ENV, Map.of()));
        checkRetry(given.get(JobField.RETRY, Retry.DEFAULT));
        checkTargets(JobField.DELIVER, given);
        checkTargets(JobField.FAILURE_DELIVER, given);
        rules.checkWork(given);
        return normal(given, schedule);
    }

    /** Refuses a one-shot whose instant has long passed; asked when a schedule is new. */
    static void refuseLongPast(Schedule schedule, Instant now) {
        schedule.runAt()
                .filter(at -> at.isBefore(now.minus(JobRules.OLDEST_ONE_SHOT)))
                .ifPresent(at -> {
                    throw new InvalidInputException(
                            "schedule",
                            schedule.display(),
                            "that instant is more than 120 s in the past",
                            "give an instant in the future, or a delay such as \"30m\"");
                });
    }

    private static void checkWork(JobDefinition given) {
        boolean hasScript =
                given.get(JobField.SCRIPT).filter(text -> !text.isBlank()).isPresent();
        boolean hasPrompt =
                given.get(JobField.PROMPT).filter(text -> !text.isBlank()).isPresent();
        boolean hasSkills = !given.get(JobField.SKILLS, List.of()).isEmpty();
        boolean isScriptAlone = given.get(JobField.NO_AGENT, false);
        Optional<String> handler = given.get(JobField.HANDLER);
        if (handler.isPresent()) {
            if (handler.get().isBlank()) {
                throw new InvalidInputException("handler", "", "it is empty", "name a handler, or leave it out");
            }
            if (hasScript || hasPrompt || hasSkills || isScriptAlone) {
                throw new InvalidInputException(
                        "handler",
                        handler.get(),
                        "a job that runs a Java handler has no prompt, script or skills of its own",
                        "keep the handler, or clear it and keep the others");
            }
            return;
        }
        if (isScriptAlone && !hasScript) {
            throw new InvalidInputException(
                    "no_agent", "true", "it says that the script is the job, and there is no script", "name a script");
        }
        if (!hasScript && !hasPrompt && !hasSkills) {
            throw new InvalidInputException(
                    "job",
                    "",
                    "there is nothing to run",
                    "give a prompt, or skills, or a script with no_agent, or a handler");
        }
        if (hasScript && !isScriptAlone && !hasPrompt && !hasSkills) {
            throw new InvalidInputException(
                    "script",
                    given.get(JobField.SCRIPT, ""),
                    "a script alone needs no_agent; otherwise its output is handed to an agent, which needs a task",
                    "set no_agent to true, or add a prompt");
        }
    }

    private static void checkTags(List<String> tags) {
        List<String> needs =
                tags.stream().filter(tag -> tag.startsWith(Abilities.NEEDS)).toList();
        if (needs.size() > 1) {
            throw new InvalidInputException(
                    "tags",
                    String.join(", ", needs),
                    "a job needs one thing of its node at most",
                    "give the nodes that have both one word for it, and keep one tag such as \"needs-gpu\"");
        }
        for (String tag : needs) {
            if (!NEED.matcher(tag).matches()) {
                throw new InvalidInputException(
                        "tags",
                        tag,
                        "what it needs is no word",
                        "letters, digits, '.', '_' and '-' behind \"needs-\", such as \"needs-gpu\"");
            }
        }
    }

    private void checkTiming(JobDefinition given, Schedule schedule) {
        Optional<Duration> gap = timetable.compiled(given).shortestGap();
        Duration jitter = given.get(JobField.JITTER, Duration.ZERO);
        if (!jitter.isZero() && gap.isEmpty()) {
            throw new InvalidInputException(
                    "jitter",
                    FieldText.of(JobField.JITTER, jitter),
                    "a job that runs once has no jitter",
                    "leave it out, or give the instant you want");
        }
        if (gap.isPresent() && jitter.multipliedBy(2).compareTo(gap.get()) > 0) {
            throw new InvalidInputException(
                    "jitter",
                    FieldText.of(JobField.JITTER, jitter),
                    "it is more than half of the shortest time between two occurrences",
                    "give at most " + FieldText.of(JobField.JITTER, gap.get().dividedBy(2)));
        }
        if (gap.isEmpty() && given.get(JobField.REPEAT, 1) != 1) {
            throw new InvalidInputException(
                    "repeat",
                    String.valueOf(given.get(JobField.REPEAT, 1)),
                    "the schedule is a single instant, so the job runs once",
                    "leave it out, or give a recurring schedule such as \"every 2h\"");
        }
        refuseZero(JobField.TIMEOUT, given);
        refuseZero(JobField.IDLE_TIMEOUT, given);
        Misfire misfire = given.get(JobField.MISFIRE, Misfire.DEFAULT);
        if (misfire.grace().filter(Duration::isNegative).isPresent()) {
            throw new InvalidInputException("misfire.grace", "", "it is negative", "give 0 or more, for example 10m");
        }
        if (rules.caller().isAgent()
                && gap.filter(shortest -> shortest.compareTo(JobRules.AGENTS_SHORTEST_GAP) < 0)
                        .isPresent()) {
            throw new NotPermittedException(
                    "schedule",
                    schedule.display(),
                    "an agent's job may not recur more often than every 5 minutes",
                    "choose \"every 5m\" or longer, or ask a person to make the job");
        }
    }

    private static void refuseZero(JobField<Duration> field, JobDefinition given) {
        if (given.get(field).filter(Duration::isZero).isPresent()) {
            throw new InvalidInputException(
                    field.key(),
                    FieldText.of(field, Duration.ZERO),
                    "it leaves no time to run",
                    "give a time such as 10m, or leave it out");
        }
    }

    private void checkPaths(JobDefinition given) {
        given.get(JobField.SCRIPT).ifPresent(this::checkScript);
        given.get(JobField.WORKDIR).ifPresent(folder -> {
            if (folder.isBlank() || path("workdir", folder).isAbsolute() || folder.startsWith("~")) {
                return;
            }
            throw new InvalidInputException(
                    "workdir", Shown.text(folder), "it is a relative path", "give the whole path, beginning with /");
        });
    }

    private void checkScript(String script) {
        Path given = path("script", script);
        Path inside = rules.scripts()
                .map(Path::toAbsolutePath)
                .orElse(Path.of("/scripts"))
                .normalize();
        Path resolved = inside.resolve(given).normalize();
        boolean isUnjudged = given.isAbsolute() && rules.scripts().isEmpty();
        if (!isUnjudged && (!resolved.startsWith(inside) || resolved.equals(inside))) {
            throw new InvalidInputException(
                    "script",
                    Shown.text(script),
                    "it lies outside the home's scripts folder",
                    "put the file into scripts/ in the home and name it from there, for example report.sh");
        }
    }

    private static Path path(String where, String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new InvalidInputException(
                    where, Shown.text(text), "it is no path", "write a path of ordinary characters");
        }
    }

    private static void checkRetry(Retry retry) {
        if (retry.backoff().isPresent()
                && retry.maxBackoff().isPresent()
                && retry.backoff().get().compareTo(retry.maxBackoff().get()) > 0) {
            throw new InvalidInputException(
                    "retry.backoff",
                    "",
                    "the first wait is longer than the longest one",
                    "make retry.max_backoff at least as long as retry.backoff");
        }
    }

    private void checkTargets(JobField<List<String>> field, JobDefinition given) {
        for (String target : given.get(field, List.of())) {
            rules.targets().refusal(target).ifPresent(reason -> {
                throw new InvalidInputException(
                        field.key(),
                        Shown.text(target),
                        reason,
                        "give local, origin, all, a configured platform, or PLATFORM:CHAT");
            });
        }
    }

    /** Values that say nothing are left out: a jitter of nothing, the single run of a one-shot. */
    private static JobDefinition normal(JobDefinition given, Schedule schedule) {
        JobDefinition.Builder normal = given.toBuilder();
        if (given.get(JobField.JITTER).filter(Duration::isZero).isPresent()) {
            normal.clear(JobField.JITTER);
        }
        if (schedule.kind() == Schedule.Kind.ONCE) {
            normal.clear(JobField.REPEAT);
        }
        if (given.get(JobField.WORKDIR).filter(String::isBlank).isPresent()) {
            normal.clear(JobField.WORKDIR);
        }
        return normal.build();
    }
}
