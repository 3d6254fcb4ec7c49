package dev.kairos.orchestrator.jobs;

import dev.kairos.api.InvalidInputException;
import dev.kairos.api.env.Environment;
import dev.kairos.api.job.EngineState;
import dev.kairos.api.job.Job;
import dev.kairos.api.job.JobDefinition;
import dev.kairos.api.job.JobField;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.Trigger;
import dev.kairos.api.store.Amendment;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.JobView;
import dev.kairos.orchestrator.plan.Ids;
import dev.kairos.orchestrator.plan.Timetable;
import dev.kairos.orchestrator.schedule.ParsedSchedule;
import dev.kairos.orchestrator.schedule.ResolvedZone;
import dev.kairos.orchestrator.schedule.ScheduleContext;
import dev.kairos.orchestrator.schedule.ScheduleParser;
import dev.kairos.orchestrator.schedule.ScheduleZones;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What people, applications and agents do with jobs. Everything is checked before anything is stored; every change is one
 * transaction that no other writer comes between.
 *
 * <p>Jobs are named by reference wherever a text is asked for: exact id, exact name in any case, or a unique prefix of the
 * id of four characters and more. Methods block until the write is durable, may be called from any thread, and throw
 * {@link InvalidInputException} (or {@link dev.kairos.api.store.StoreException}) with nothing changed. Nothing runs a job
 * here: a node's tick does. Status: experimental since 0.1.
 */
public final class JobOperations {
    private static final int TRIES_FOR_A_FREE_ID = 8;
    private static final int MOST_ROWS = 10_000;

    private final JobStore store;
    private final Environment environment;
    private final JobRules rules;
    private final Timetable timetable = new Timetable();
    private final JobChecks checks;
    private final Permissions permissions;
    private final JobLookup lookup;

    /** Operations on a store's jobs, judged by rules. */
    public JobOperations(JobStore store, Environment environment, JobRules rules) {
        this.store = store;
        this.environment = environment;
        this.rules = rules;
        this.checks = new JobChecks(rules, timetable);
        this.permissions = new Permissions(rules.caller());
        this.lookup = new JobLookup(store.jobs());
    }

    /** The same operations on behalf of somebody else. */
    public JobOperations as(Caller caller) {
        return new JobOperations(store, environment, rules.withCaller(caller));
    }

    /** The same operations judged by other rules. */
    public JobOperations with(JobRules other) {
        return new JobOperations(store, environment, other);
    }

    /** What these operations are judged by. */
    public JobRules rules() {
        return rules;
    }

    /**
     * Reads a schedule as a person wrote it, in the zone it names, else the given one, else {@code cron.timezone}, else the
     * machine's.
     *
     * @param own the job's own {@code timezone}
     */
    public ParsedSchedule readSchedule(String text, Optional<ZoneId> own) {
        ResolvedZone zone = ScheduleZones.resolve(own, rules.zone(), environment.zone());
        ScheduleContext context = ScheduleContext.of(environment.now(), zone.zone());
        ParsedSchedule parsed =
                ScheduleParser.parse(text, own.map(context::withJobZone).orElse(context));
        boolean isZoneUsed = parsed.schedule().zone().equals(zone.zone());
        List<String> notes = new ArrayList<>(isZoneUsed ? zone.warnings() : List.of());
        notes.addAll(parsed.notes());
        return new ParsedSchedule(parsed.schedule(), notes);
    }

    /**
     * Creates a job; one whose {@code enabled} is false is stored paused in this first write.
     *
     * @throws InvalidInputException if any part of it cannot be accepted
     */
    public JobChange create(JobDefinition definition) {
        return createAll(List.of(NewJob.of(definition))).get(0);
    }

    /**
     * Creates jobs in one transaction: none when one cannot be accepted or its id is taken. Where another process takes one
     * of the ids at the same moment, the others are created and this throws.
     *
     * @throws InvalidInputException if one of them cannot be accepted or its id is taken
     */
    public List<JobChange> createAll(List<NewJob> wanted) {
        Instant now = environment.now();
        List<JobDefinition> accepted = new ArrayList<>();
        Set<String> taken = takenAmong(wanted);
        for (NewJob one : wanted) {
            JobDefinition definition = accept(one.definition());
            if (one.engine().isEmpty()) {
                JobChecks.refuseLongPast(definition.schedule(), now);
            }
            refuseNameThatIsAnId(definition, one.id(), taken);
            one.id().filter(taken::contains).ifPresent(id -> {
                throw new InvalidInputException(
                        "job", id, "a job with this id exists", "leave it out, or edit that job");
            });
            accepted.add(permissions.marked(dated(definition, now)));
        }
        if (rules.caller().isAgent()) {
            permissions.checkCount(store.jobs().list(), wanted.size());
        }
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            String id = wanted.get(i).id().orElseGet(() -> Ids.job(environment.random()));
            jobs.add(armed(id, accepted.get(i), wanted.get(i).engine(), now));
        }
        store(jobs, wanted);
        ContextNotes contexts = ContextNotes.about(accepted, store);
        return jobs.stream()
                .map(job -> new JobChange(job, true, notesOn(job, contexts)))
                .toList();
    }

    private static JobDefinition dated(JobDefinition definition, Instant now) {
        JobDefinition.Builder dated = definition.toBuilder().set(JobField.UPDATED_AT, now);
        if (definition.get(JobField.CREATED_AT).isEmpty()) {
            dated.set(JobField.CREATED_AT, now);
        }
        if (definition.isEnabled()) {
            dated.clear(JobField.ENABLED).clear(JobField.PAUSED_AT).clear(JobField.PAUSED_REASON);
        } else if (definition.get(JobField.PAUSED_AT).isEmpty()) {
            dated.set(JobField.PAUSED_AT, now);
        }
        return dated.build();
    }

    private Job armed(String id, JobDefinition definition, Optional<EngineState> engine, Instant now) {
        Job job = new Job(id, definition, 1, engine.orElseGet(EngineState::fresh));
        return engine.isPresent() ? job : job.withEngine(timetable.arm(job, now));
    }

    /** Of the ids that the jobs bring, and of those that their names could be, the ones that jobs have. */
    private Set<String> takenAmong(List<NewJob> wanted) {
        Set<String> ids = new LinkedHashSet<>();
        for (NewJob one : wanted) {
            one.id().ifPresent(ids::add);
            Optional.of(one.definition().name()).filter(Job::isLegalId).ifPresent(ids::add);
        }
        return store.jobs().taken(ids);
    }

    private static void refuseNameThatIsAnId(JobDefinition definition, Optional<String> ownId, Set<String> taken) {
        String name = definition.name();
        if (!ownId.equals(Optional.of(name)) && taken.contains(name)) {
            throw new InvalidInputException("name", name, "another job has this text as its id", "choose another name");
        }
    }

    private void store(List<Job> jobs, List<NewJob> wanted) {
        List<Job> open = jobs;
        for (int tries = 0; !open.isEmpty(); tries++) {
            List<String> taken = store.jobs().create(open);
            if (taken.isEmpty()) {
                return;
            }
            List<Job> again = new ArrayList<>();
            for (int i = 0; i < jobs.size(); i++) {
                Job job = jobs.get(i);
                if (taken.contains(job.id())) {
                    if (wanted.get(i).id().isPresent() || tries == TRIES_FOR_A_FREE_ID) {
                        throw new InvalidInputException(
                                "job", job.id(), "a job with this id was made meanwhile", "look at it, and try again");
                    }
                    Job renamed =
                            armed(Ids.job(environment.random()), job.definition(), Optional.empty(), environment.now());
                    jobs.set(i, renamed);
                    again.add(renamed);
                }
            }
            open = again;
        }
    }

    private List<String> notesOn(Job job, ContextNotes contexts) {
        List<String> notes = new ArrayList<>();
        notes.addAll(PathNotes.of(job.definition(), PathNotes.FIELDS, rules, environment));
        notes.addAll(contexts.of(job.definition()));
        notes.addAll(rules.checkWork(job.definition()));
        if (!job.definition().isEnabled()) {
            notes.add("It is stored paused; `kairos resume " + job.id() + "` lets it be due.");
        }
        return notes;
    }

    /**
     * Changes fields of a job. The next instant moves only when the schedule, its zone or the jitter changed; a completed
     * job is due again after a new schedule or a {@code repeat} above its count. Setting {@code enabled} pauses or resumes.
     *
     * @throws JobConflictException if the edit names a version and the job has another
     */
    public JobChange edit(String reference, JobEdit edit) {
        Job found = find(reference);
        permissions.checkFields(edit.fields());
        if (edit.fields().contains(JobField.NAME)) {
            JobDefinition renamed = edit.applyTo(found.definition());
            refuseNameThatIsAnId(renamed, Optional.of(found.id()), store.jobs().taken(Set.of(renamed.name())));
        }
        JobChange change = decide(found.id(), draft -> Edits.apply(draft, edit, checks));
        List<String> notes = new ArrayList<>(change.notes());
        JobDefinition edited = change.job().definition();
        notes.addAll(PathNotes.of(edited, edit.fields(), rules, environment));
        notes.addAll(rules.checkWork(edited));
        if (edit.fields().contains(JobField.CONTEXT_FROM)) {
            notes.addAll(ContextNotes.about(List.of(edited), store).of(edited));
        }
        return new JobChange(change.job(), change.changed(), notes);
    }

    /** Pauses a job: nothing of it is due until it is resumed; a run in progress goes on. */
    public JobChange pause(String reference, Optional<String> reason) {
        Optional<String> read = reason.filter(text -> !text.isBlank()).map(JobField.PAUSED_REASON::read);
        return decide(find(reference).id(), draft -> draft.pause(read));
    }

    /** Lets a paused job be due again; what was missed meanwhile follows the mode. */
    public JobChange resume(String reference, ResumeMode mode) {
        String id = find(reference).id();
        List<String> ahead = mode == ResumeMode.RESET ? rowsAhead(id) : List.of();
        return decide(id, draft -> {
            draft.resume(mode);
            ahead.forEach(draft::delete);
        });
    }

    /** Rows of occurrences that have not come yet: left by a wrong clock, they would keep those from running. */
    private List<String> rowsAhead(String jobId) {
        Instant now = environment.now();
        return store.ledger().list(ExecutionQuery.ofJob(jobId, MOST_ROWS)).stream()
                .filter(row ->
                        row.trigger() == Trigger.SCHEDULE && row.scheduledAt().isAfter(now))
                .map(Execution::id)
                .toList();
    }

    /**
     * Asks for a run beside the schedule. A node able to run it takes it; the request lapses after 60 seconds.
     *
     * @throws InvalidInputException if the job runs, or a request waits, and its overlap is not {@code allow}
     */
    public RequestedRun requestRun(String reference) {
        String row = Ids.execution(environment.random());
        Requests request = new Requests(row, rules.caller().name());
        JobChange change = decide(find(reference).id(), request::ask);
        return new RequestedRun(change.job(), request.row(), change.notes());
    }

    /**
     * Withdraws what waits of a job (requests, queued runs, further attempts) and asks the owners of its runs in progress to
     * end them: their rows carry the wish, see {@link Requests#isCancelWished}.
     *
     * @param executionId only this execution
     */
    public JobChange cancel(String reference, Optional<String> executionId) {
        return decide(
                find(reference).id(),
                draft -> Requests.cancel(
                        draft, executionId, "asked by " + rules.caller().name()));
    }

    /**
     * Ends a request that nobody can run; nothing happens if a node took it meanwhile.
     *
     * @return whether it was withdrawn
     */
    public boolean withdraw(String jobId, String executionId, String reason) {
        return decide(jobId, draft -> Requests.withdraw(draft, executionId, reason))
                .changed();
    }

    /** Removes a job, its waiting runs and its open deliveries; a run in progress goes on to its end, outputs stay. */
    public JobChange remove(String reference) {
        Job found = find(reference);
        permissions.checkOwner(found);
        long sends = OpenSends.of(store, found.id());
        List<String> notes = new ArrayList<>();
        Job[] last = {found};
        store.claims().decide(found.id(), view -> {
            notes.clear();
            if (view.job().isEmpty()) {
                return Amendment.none();
            }
            last[0] = view.job().get();
            return Requests.removal(view, environment.now(), notes);
        });
        if (sends > 0) {
            notes.add("Deliveries that waited and are cancelled: " + sends + ".");
        }
        return new JobChange(last[0], true, notes);
    }

    /** Declares a job from code, again and again: see {@link DefinedJobs#define}. */
    public JobChange define(JobDefinition definition) {
        return new DefinedJobs(this, store).define(definition, Digests.of(DefinedJobs.stated(definition)));
    }

    /**
     * Declares a job from code with its schedule as a text. The text counts when asked whether the code's definition
     * changed, so that a delay such as {@code 30m} does not begin anew at each start.
     *
     * @param rest everything but the schedule
     */
    public JobChange define(JobDefinition rest, String schedule) {
        JobDefinition whole = rest.toBuilder()
                .set(JobField.SCHEDULE, readSchedule(schedule, Optional.empty()).schedule())
                .build();
        return new DefinedJobs(this, store)
                .define(whole, Digests.of(List.of(DefinedJobs.stated(rest), schedule.strip())));
    }

    /** Removes the job that code declared under the name; empty if there is none. */
    public Optional<JobChange> undefine(String name) {
        return new DefinedJobs(this, store).find(name).map(job -> remove(job.id()));
    }

    /**
     * The job that a person means.
     *
     * @throws JobNotFoundException if there is none
     * @throws AmbiguousJobException if there are several
     */
    public Job find(String reference) {
        return lookup.find(reference);
    }

    /** All jobs, ordered by id. */
    public List<Job> list() {
        return store.jobs().list();
    }

    /** The definition as it would be stored, judged by these rules. */
    JobDefinition accept(JobDefinition definition) {
        permissions.checkNew(definition);
        return checks.accept(definition);
    }

    void replace(JobDraft draft, JobDefinition wanted) {
        Edits.become(draft, wanted, checks);
    }

    Instant now() {
        return environment.now();
    }

    /** One decision in the store's transaction; refusals leave it unchanged. */
    JobChange decide(String jobId, Consumer<JobDraft> how) {
        JobDraft.Moment moment = new JobDraft.Moment(
                environment.now(), Ids.execution(environment.random()), Ids.execution(environment.random()), timetable);
        var outcome = new Object() {
            @Nullable
            JobDraft draft;

            @Nullable
            InvalidInputException refusal;

            boolean changed;
        };
        JobView after = store.claims().decide(jobId, view -> {
            outcome.draft = null;
            outcome.refusal = null;
            if (view.job().isEmpty()) {
                return Amendment.none();
            }
            try {
                JobDraft draft = new JobDraft(view, view.job().get(), moment);
                permissions.checkOwner(draft.job());
                how.accept(draft);
                Amendment amendment = draft.amendment();
                outcome.draft = draft;
                outcome.changed = !amendment.isNone();
                return amendment;
            } catch (InvalidInputException e) {
                outcome.refusal = e;
                return Amendment.none();
            }
        });
        if (outcome.refusal != null) {
            throw outcome.refusal;
        }
        JobDraft draft = outcome.draft;
        Job job = after.job().orElseThrow(() -> new JobNotFoundException(jobId));
        return new JobChange(job, outcome.changed, draft == null ? List.of() : draft.notes());
    }
}
