package dev.kairos.builtin.cronjob;

import dev.kairos.api.FireResult;
import dev.kairos.api.InvalidInputException;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.TrustLevel;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.tool.ToolCall;
import dev.kairos.builtin.CronRuntime;
import dev.kairos.orchestrator.jobs.Caller;
import dev.kairos.orchestrator.jobs.JobChange;
import dev.kairos.orchestrator.jobs.JobEdit;
import dev.kairos.orchestrator.jobs.JobOperations;
import dev.kairos.orchestrator.jobs.RefusedException;
import dev.kairos.orchestrator.jobs.RequestedRun;
import dev.kairos.orchestrator.jobs.ResumeMode;
import dev.kairos.orchestrator.output.KeptOutputs;
import dev.kairos.orchestrator.output.OutputFiles;
import dev.kairos.orchestrator.schedule.ParsedSchedule;
import dev.kairos.orchestrator.schedule.ScheduleContext;
import dev.kairos.orchestrator.schedule.ScheduleParser;
import dev.kairos.orchestrator.schedule.SchedulePreview;
import dev.kairos.orchestrator.schedule.ScheduleZones;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One call of the tool, carried out. Used once, by one thread. Status: internal. */
public final class CronjobActions {
    private static final Duration TAKEN_WITHIN = Duration.ofSeconds(2);
    private static final Duration ENDED_WITHIN = Duration.ofMinutes(10);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final int INSTANTS = 3;
    /** What a model is shown at once; its own jobs, of which it has fewer, are among them. */
    private static final int MOST_LISTED = 100;

    private static final int LONGEST_MESSAGE = 20_000;
    private static final String JOB = "\"daily-brief\"; the action list shows the jobs";

    private final CronjobHome at;
    private final String agent;
    private final CronjobWords words;
    private final CronjobCall call;
    private final Optional<Map<String, Object>> origin;
    private @Nullable CompletionStage<Execution> goesOn;

    /**
     * A call.
     *
     * @param at where
     * @param agent whose jobs are the caller's own
     * @param asked what the model wrote, and the chat it was asked in
     * @throws InvalidInputException if there is an argument that the tool has not
     */
    public CronjobActions(CronjobHome at, String agent, ToolCall asked) {
        this.at = at;
        this.agent = agent;
        this.words = new CronjobWords(at, "agent:" + agent);
        this.call = new CronjobCall(asked.arguments());
        this.origin = asked.origin();
    }

    /**
     * Does it.
     *
     * @return the answer's tree
     * @throws InvalidInputException if the call must be mended, or may not be done
     */
    public Map<String, Object> answer() throws InterruptedException, IOException {
        return switch (call.action()) {
            case "create" -> create();
            case "update" -> update();
            case "pause" -> changed(jobs(writable()).pause(job(), call.text("reason")), List.of());
            case "resume" ->
                changed(
                        jobs(writable()).resume(job(), call.flag("catch_up") ? ResumeMode.CATCH_UP : ResumeMode.NEXT),
                        List.of());
            case "remove" -> removed();
            case "run" -> run();
            case "next" -> next();
            default -> list();
        };
    }

    private CronRuntime writable() {
        return at.keeping();
    }

    private JobOperations jobs(CronRuntime home) {
        return home.jobs().as(Caller.agent(agent));
    }

    private String job() {
        return call.required("job", JOB);
    }

    private ParsedSchedule schedule(CronRuntime home, String text) {
        Optional<ZoneId> own = call.text("timezone").map(zone -> ScheduleZones.parse(zone, "timezone"));
        try {
            return jobs(home).readSchedule(text, own);
        } catch (InvalidInputException refused) {
            throw new InvalidInputException(
                    refused.where(),
                    refused.given(),
                    refused.reason(),
                    refused.accepted() + ". Forms: " + CronjobSchema.FORMS);
        }
    }

    private Map<String, Object> create() {
        String when = call.required("schedule", "\"weekdays at 9am\". Forms: " + CronjobSchema.FORMS);
        call.required("prompt", "\"Read the news and tell me what matters\"");
        CronRuntime home = writable();
        ParsedSchedule schedule = schedule(home, when);
        JobDefinition.Builder wanted = JobDefinition.builder().set(JobField.SCHEDULE, schedule.schedule());
        call.fields().forEach((key, value) -> {
            if (value != null) {
                wanted.setRaw(JobField.byKey(key).orElseThrow(), value);
            }
        });
        JobChange created = jobs(home).create(wanted.build());
        List<String> notes = new ArrayList<>(schedule.notes());
        notes.addAll(created.notes());
        // the chat is the client's to say, not the model's: the tool sets it as the application would
        JobChange placed = origin.map(chat -> home.jobs()
                        .as(new Caller(TrustLevel.APPLICATION, agent))
                        .edit(
                                created.job().id(),
                                JobEdit.builder()
                                        .setRaw(JobField.ORIGIN.key(), chat)
                                        .build()))
                .orElse(created);
        return changed(placed, notes);
    }

    private Map<String, Object> update() {
        CronRuntime home = writable();
        String reference = job();
        JobEdit.Builder edit = JobEdit.builder();
        List<String> notes = new ArrayList<>();
        call.text("schedule").ifPresent(text -> {
            ParsedSchedule schedule = schedule(home, text);
            notes.addAll(schedule.notes());
            edit.set(JobField.SCHEDULE, schedule.schedule());
        });
        call.fields().forEach(edit::setRaw);
        JobEdit wanted = edit.build();
        if (wanted.isEmpty()) {
            throw new InvalidInputException(
                    "job",
                    reference,
                    "nothing is given to change",
                    "add what is to be different, one of "
                            + String.join(
                                    ", ", CronjobSchema.FIELDS.stream().sorted().toList()));
        }
        JobChange done = jobs(home).edit(reference, wanted);
        notes.addAll(done.notes());
        return changed(done, notes);
    }

    private Map<String, Object> removed() {
        JobChange done = jobs(writable()).remove(job());
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("removed", done.job().id());
        tree.put("name", done.job().displayName());
        tree.put("notes", done.notes());
        return tree;
    }

    private Map<String, Object> changed(JobChange change, List<String> notes) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("job", words.job(change.job(), true));
        tree.put("changed", change.changed());
        SchedulePreview preview = SchedulePreview.standing(
                new ParsedSchedule(change.job().definition().schedule(), List.of()),
                change.job().engine().nextRunAt(),
                INSTANTS);
        tree.put("understood", words.understood(change.job().definition().schedule(), preview));
        tree.put("notes", notes.isEmpty() ? change.notes() : notes);
        at.whyNothingFires().ifPresent(why -> tree.put("nothing_fires", why));
        return tree;
    }

    private Map<String, Object> list() {
        List<Job> jobs = at.seen().map(home -> home.jobs().list()).orElse(List.of());
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put(
                "jobs",
                jobs.stream()
                        .sorted(Comparator.comparing(job -> !words.isMine(job)))
                        .limit(MOST_LISTED)
                        .map(job -> words.job(job, words.isMine(job)))
                        .toList());
        if (jobs.size() > MOST_LISTED) {
            tree.put(
                    "not_shown",
                    (jobs.size() - MOST_LISTED) + " more jobs of others; the user sees them with kairos list");
        }
        return tree;
    }

    private Map<String, Object> next() {
        String text = call.required("schedule", "\"weekdays at 9am\". Forms: " + CronjobSchema.FORMS);
        Optional<ZoneId> own = call.text("timezone").map(zone -> ScheduleZones.parse(zone, "timezone"));
        ParsedSchedule parsed;
        try {
            ScheduleContext context = ScheduleContext.of(at.environment().now(), at.zone(own));
            parsed = ScheduleParser.parse(text, own.map(context::withJobZone).orElse(context));
        } catch (InvalidInputException refused) {
            throw new InvalidInputException(
                    refused.where(),
                    refused.given(),
                    refused.reason(),
                    refused.accepted() + ". Forms: " + CronjobSchema.FORMS);
        }
        SchedulePreview preview = SchedulePreview.of(parsed, at.environment().now(), call.number("count", 5, 1, 50));
        return words.understood(parsed.schedule(), preview);
    }

    private Map<String, Object> run() throws InterruptedException, IOException {
        CronRuntime home = at.existing();
        String reference = job();
        boolean isAlone = at.isAlone(home);
        if (isAlone) {
            at.canRunHere(
                    home); // first: what a dead node left of the job is recovered, and does not keep it from running
        }
        RequestedRun requested = jobs(home).requestRun(reference);
        Execution row = isAlone
                ? requested.execution()
                : await(home, requested.execution(), TAKEN_WITHIN, status -> status != ExecutionStatus.REQUESTED);
        boolean isHere = row.status() == ExecutionStatus.REQUESTED;
        if (isHere) {
            row = runHere(home, requested);
        }
        if (call.flag("wait")) {
            row = await(home, row, ENDED_WITHIN, status -> !status.isOpen());
            goesOn = row.status().isOpen() ? goesOn : null;
        }
        return told(home, row, isHere);
    }

    private Execution runHere(CronRuntime home, RequestedRun requested) {
        if (!at.canRunHere(home)) {
            home.jobs().withdraw(requested.job().id(), requested.execution().id(), "nobody able");
            throw new RefusedException("job", "nothing runs jobs here now", "ask the user to start what fires them");
        }
        FireResult answer = home.runRequest(requested.job().id());
        Optional<FireResult.Claimed> started = answer.fold(Optional::of, refused -> Optional.empty());
        if (started.isEmpty()) {
            String why =
                    answer.fold(won -> "", refused -> refused.reason().name().toLowerCase(Locale.ROOT));
            home.jobs().withdraw(requested.job().id(), requested.execution().id(), "could not start");
            throw new RefusedException(
                    "job",
                    "it cannot start now (" + why + ")",
                    "look at it with the action list; run it again when its other run has ended");
        }
        goesOn = started.get().completion();
        return started.get().execution();
    }

    /** What still runs in this process after the answer; the session must stay open as long. */
    public Optional<CompletionStage<Execution>> goesOn() {
        return Optional.ofNullable(goesOn);
    }

    private Execution await(CronRuntime home, Execution row, Duration atMost, Predicate<ExecutionStatus> reached)
            throws InterruptedException {
        Duration end = at.environment().uptime().plus(atMost);
        Execution seen = row;
        while (!reached.test(seen.status()) && at.environment().uptime().compareTo(end) < 0) {
            at.environment().sleep(LOOK);
            seen = home.store().ledger().find(row.id()).orElse(seen);
        }
        return seen;
    }

    private Map<String, Object> told(CronRuntime home, Execution row, boolean isHere) throws IOException {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("execution", row.id());
        tree.put("status", row.status().word());
        tree.put("here", isHere);
        row.finishedAt().ifPresent(end -> tree.put("finished_at", CronjobWords.instant(end)));
        row.error().ifPresent(error -> tree.put("error", error));
        if (row.status() == ExecutionStatus.OK) {
            new KeptOutputs(
                            at.environment(),
                            new OutputFiles(at.environment(), home.home()),
                            home.store(),
                            KeptOutputs.KEPT)
                    .message(row)
                    .ifPresent(message -> tree.put(
                            "message",
                            message.length() > LONGEST_MESSAGE
                                    ? message.substring(0, LONGEST_MESSAGE) + " [... cut here ...]"
                                    : message));
        }
        return tree;
    }
}
