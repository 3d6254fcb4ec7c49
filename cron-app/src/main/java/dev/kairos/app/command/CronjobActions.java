package dev.kairos.app.command;

import dev.kairos.api.FireResult;
import dev.kairos.api.InvalidInputException;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.job.TrustLevel;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.app.terminal.TimeText;
import dev.kairos.orchestrator.jobs.Caller;
import dev.kairos.orchestrator.jobs.JobChange;
import dev.kairos.orchestrator.jobs.JobEdit;
import dev.kairos.orchestrator.jobs.JobOperations;
import dev.kairos.orchestrator.jobs.RequestedRun;
import dev.kairos.orchestrator.jobs.ResumeMode;
import dev.kairos.orchestrator.schedule.ParsedSchedule;
import dev.kairos.orchestrator.schedule.ScheduleContext;
import dev.kairos.orchestrator.schedule.ScheduleParser;
import dev.kairos.orchestrator.schedule.SchedulePreview;
import dev.kairos.orchestrator.schedule.ScheduleZones;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One call of the tool, carried out. Used once, by one thread. */
final class CronjobActions {
    private static final String CALLER = "mcp";
    private static final String MINE = "agent:" + CALLER;
    private static final Duration TAKEN_WITHIN = Duration.ofSeconds(2);
    private static final Duration ENDED_WITHIN = Duration.ofMinutes(10);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final int INSTANTS = 3;
    private static final int LONGEST_MESSAGE = 20_000;
    private static final String JOB = "\"daily-brief\"; the action list shows the jobs";

    private final Session session;
    private final CronjobCall call;
    private final Optional<Map<String, Object>> origin;
    private @Nullable CompletionStage<Execution> goesOn;

    CronjobActions(Session session, CronjobCall call, Optional<Map<String, Object>> origin) {
        this.session = session;
        this.call = call;
        this.origin = origin;
    }

    Map<String, Object> answer() throws InterruptedException, IOException {
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

    private OpenHome writable() {
        return session.keeping();
    }

    private static JobOperations jobs(OpenHome home) {
        return home.jobs().as(Caller.agent(CALLER));
    }

    private String job() {
        return call.required("job", JOB);
    }

    private ParsedSchedule schedule(OpenHome home, String text) {
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
        OpenHome home = writable();
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
                        .as(new Caller(TrustLevel.APPLICATION, CALLER))
                        .edit(
                                created.job().id(),
                                JobEdit.builder()
                                        .setRaw(JobField.ORIGIN.key(), chat)
                                        .build()))
                .orElse(created);
        return changed(placed, notes);
    }

    private Map<String, Object> update() {
        OpenHome home = writable();
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
        tree.put("job", job(change.job(), true));
        tree.put("changed", change.changed());
        SchedulePreview preview = SchedulePreview.standing(
                new ParsedSchedule(change.job().definition().schedule(), List.of()),
                change.job().engine().nextRunAt(),
                INSTANTS);
        tree.put("understood", ScheduleEcho.tree(change.job().definition().schedule(), preview));
        tree.put("notes", notes.isEmpty() ? change.notes() : notes);
        if (LiveNodes.count(session) == 0) {
            tree.put("nothing_fires", "no daemon lives on this home: ask the user to start kairos serve");
        }
        return tree;
    }

    private Map<String, Object> list() {
        List<Map<String, Object>> shown = new ArrayList<>();
        session.opened().ifPresent(home -> home.jobs().list().forEach(job -> shown.add(job(job, isMine(job)))));
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("jobs", shown);
        return tree;
    }

    private static boolean isMine(Job job) {
        return MINE.equals(job.definition().unknown().get("created_by"));
    }

    /** What somebody else's job is told to do stays theirs. */
    private static Map<String, Object> job(Job job, boolean isWhole) {
        Map<String, Object> whole = JobTree.of(job);
        Map<String, Object> tree = new LinkedHashMap<>();
        List<String> keys =
                new ArrayList<>(List.of("id", "name", "state", "next_run_at", "last_run_at", "last_status"));
        if (isWhole) {
            keys.addAll(List.of(
                    "prompt", "skills", "tags", "deliver", "failure_deliver", "repeat", "last_error", "origin"));
        }
        keys.stream().filter(whole::containsKey).forEach(key -> tree.put(key, whole.getOrDefault(key, "")));
        tree.put(
                "schedule",
                job.definition()
                        .get(JobField.SCHEDULE)
                        .map(ScheduleEcho::sentence)
                        .orElse(""));
        tree.put("yours", isMine(job));
        job.definition().get(JobField.PAUSED_REASON).ifPresent(why -> tree.put("paused_reason", why));
        return tree;
    }

    private Map<String, Object> next() {
        String text = call.required("schedule", "\"weekdays at 9am\". Forms: " + CronjobSchema.FORMS);
        Optional<ZoneId> own = call.text("timezone").map(zone -> ScheduleZones.parse(zone, "timezone"));
        ParsedSchedule parsed;
        try {
            ScheduleContext context = ScheduleContext.of(session.environment().now(), session.zone(own));
            parsed = ScheduleParser.parse(text, own.map(context::withJobZone).orElse(context));
        } catch (InvalidInputException refused) {
            throw new InvalidInputException(
                    refused.where(),
                    refused.given(),
                    refused.reason(),
                    refused.accepted() + ". Forms: " + CronjobSchema.FORMS);
        }
        SchedulePreview preview =
                SchedulePreview.of(parsed, session.environment().now(), call.number("count", 5, 1, 50));
        return ScheduleEcho.tree(parsed.schedule(), preview);
    }

    private Map<String, Object> run() throws InterruptedException, IOException {
        OpenHome home = session.existingWritable();
        String reference = job();
        boolean isAlone = !session.isGuest()
                && LiveNodes.daemons(home, session.environment()).isEmpty();
        if (isAlone) {
            home.runtime()
                    .join(); // first: what a dead node left of the job is recovered, and does not keep it from running
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

    private Execution runHere(OpenHome home, RequestedRun requested) {
        home.runtime().join();
        FireResult answer = home.runtime().runRequest(requested.job().id());
        Optional<FireResult.Claimed> started = answer.fold(Optional::of, refused -> Optional.empty());
        if (started.isEmpty()) {
            String why =
                    answer.fold(won -> "", refused -> refused.reason().name().toLowerCase(Locale.ROOT));
            home.jobs().withdraw(requested.job().id(), requested.execution().id(), "could not start");
            throw CommandFailure.failed(
                    "the job cannot start now (" + why + ")",
                    "look at it with the action list; run it again when its other run has ended");
        }
        goesOn = started.get().completion();
        return started.get().execution();
    }

    /** What still runs in this process after the answer; the session must stay open as long. */
    Optional<CompletionStage<Execution>> goesOn() {
        return Optional.ofNullable(goesOn);
    }

    private Execution await(OpenHome home, Execution row, Duration atMost, Predicate<ExecutionStatus> reached)
            throws InterruptedException {
        Duration end = session.environment().uptime().plus(atMost);
        Execution seen = row;
        while (!reached.test(seen.status()) && session.environment().uptime().compareTo(end) < 0) {
            session.environment().sleep(LOOK);
            seen = home.store().ledger().find(row.id()).orElse(seen);
        }
        return seen;
    }

    private Map<String, Object> told(OpenHome home, Execution row, boolean isHere) throws IOException {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("execution", row.id());
        tree.put("status", row.status().word());
        tree.put("here", isHere);
        row.finishedAt().ifPresent(at -> tree.put("finished_at", TimeText.machine(at)));
        row.error().ifPresent(error -> tree.put("error", error));
        if (row.status() == ExecutionStatus.OK) {
            home.outputs()
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
