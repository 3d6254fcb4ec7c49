package dev.kairos.app.command;

import dev.kairos.api.FireResult;
import dev.kairos.api.env.Signal;
import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.store.Abilities;
import dev.kairos.app.terminal.TimeText;
import dev.kairos.orchestrator.jobs.RequestedRun;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos run}. */
final class RunCommand extends Command {
    private static final Duration NODE_TAKES_IT_WITHIN = Duration.ofSeconds(2);
    private static final Duration LOOK = Duration.ofMillis(50);

    @Override
    List<String> description() {
        return List.of(
                "Runs a job now, beside its schedule: the next occurrence stays as it is.",
                "A live daemon takes it; where none does, the job runs here.");
    }

    @Override
    List<String> examples() {
        return List.of("kairos run backup", "kairos run backup --wait");
    }

    @Override
    void define(CommandSpec spec) {
        spec.addPositional(Options.required(0, "JOB", "its id, its name, or the first 4 or more characters of its id"));
        spec.addOption(Options.flag("wait for the end, and exit 1 if it failed", "--wait"));
    }

    @Override
    int run(Arguments arguments, Session session) throws Exception {
        OpenHome home = session.writable();
        Job job = home.jobs().find(arguments.required(0));
        boolean isAwaited = arguments.has("--wait");
        if (LiveNodes.daemons(home, session.environment()).isEmpty()) {
            // joined first: what a dead node left of the job is recovered, and does not keep it from running
            try (FiringHere here = FiringHere.join(session, home.runtime())) {
                return here(here, home, asked(session, home, job), isAwaited);
            }
        }
        RequestedRun requested = asked(session, home, job);
        Execution row = await(
                session,
                home,
                requested.execution(),
                NODE_TAKES_IT_WITHIN,
                status -> status != ExecutionStatus.REQUESTED);
        if (row.status() != ExecutionStatus.REQUESTED) {
            return taken(session, home, row, isAwaited);
        }
        try (FiringHere here = FiringHere.join(session, home.runtime())) {
            return here(here, home, requested, isAwaited);
        }
    }

    private static RequestedRun asked(Session session, OpenHome home, Job job) {
        RequestedRun requested = home.jobs().requestRun(job.id());
        requested.notes().forEach(session::note);
        return requested;
    }

    private static int taken(Session session, OpenHome home, Execution row, boolean isAwaited) throws Exception {
        session.say("Node " + row.node().orElse("?") + " took it: execution " + row.id() + ".");
        if (isAwaited) {
            Execution ended = await(session, home, row, Duration.ofDays(365), status -> !status.isOpen());
            return told(session, ended, false);
        }
        document(session, row, false);
        return ExitCode.DONE;
    }

    /** No node took it: this process runs it, or withdraws it, unless somebody takes it meanwhile. */
    private static int here(FiringHere here, OpenHome home, RequestedRun requested, boolean isAwaited)
            throws Exception {
        String jobId = requested.job().id();
        String id = requested.execution().id();
        Session session = here.session();
        FireResult answer = here.runtime().runRequest(jobId);
        Optional<FireResult.Claimed> started = answer.fold(Optional::of, refused -> Optional.empty());
        if (started.isPresent()) {
            boolean isOther = !started.get().execution().id().equals(id);
            session.say((isOther ? "What waited before it runs here first" : "No daemon took it; it runs here")
                    + ": execution " + started.get().execution().id() + ".");
            session.io().out().flush();
            Execution ended = started.get().completion().toCompletableFuture().get();
            return isOther && isWaiting(home, id) ? here(here, home, requested, isAwaited) : told(session, ended, true);
        }
        FireResult.Reason reason = answer.fold(won -> FireResult.Reason.TAKEN, FireResult.NotClaimed::reason);
        if (reason == FireResult.Reason.STORE_UNAVAILABLE) {
            throw CommandFailure.failed(
                    "the store did not answer; the request waits: execution " + id,
                    "kairos runs shows whether a daemon took it; kairos cancel " + jobId + " withdraws it");
        }
        boolean isWithdrawn = home.jobs()
                .withdraw(jobId, id, reason == FireResult.Reason.NOT_ABLE ? "nobody able" : "could not start");
        Optional<Execution> elsewhere = home.store()
                .ledger()
                .find(id)
                .filter(row -> !isWithdrawn && row.node().isPresent());
        if (elsewhere.isPresent()) {
            return taken(session, home, elsewhere.get(), isAwaited);
        }
        throw refusal(requested.job(), reason);
    }

    private static boolean isWaiting(OpenHome home, String id) {
        return home.store()
                .ledger()
                .find(id)
                .filter(row -> row.status() == ExecutionStatus.REQUESTED)
                .isPresent();
    }

    private static CommandFailure refusal(Job job, FireResult.Reason reason) {
        return switch (reason) {
            case NOT_ABLE ->
                CommandFailure.failed(
                        "nobody here can run " + Echo.title(job) + ": it needs " + Abilities.neededBy(job.definition())
                                + "; the request is withdrawn",
                        MissingAbility.advice(Abilities.neededBy(job.definition()), job.id()) + "; then run it again");
            case NO_SUCH_JOB ->
                CommandFailure.notFound(
                        Echo.title(job) + " was removed meanwhile", "kairos list shows the jobs that are there");
            case BUSY ->
                CommandFailure.failed(
                        Echo.title(job) + " cannot start now: as many runs as may be are there already"
                                + " (cron.max_parallel_jobs, cron.tag_limits); the request is withdrawn",
                        "kairos status shows what runs; run it again when one has ended");
            default ->
                CommandFailure.failed(
                        Echo.title(job) + " cannot start now (" + reason.name().toLowerCase(Locale.ROOT)
                                + "): another run of it is open or was just claimed; the request is withdrawn",
                        "kairos runs " + job.id() + " shows the other run; run it again when that has ended");
        };
    }

    private static Execution await(
            Session session, OpenHome home, Execution row, Duration atMost, Predicate<ExecutionStatus> reached)
            throws InterruptedException {
        Signal never = session.environment().newSignal();
        Duration end = session.environment().uptime().plus(atMost);
        Execution seen = row;
        while (!reached.test(seen.status()) && session.environment().uptime().compareTo(end) < 0) {
            never.await(LOOK);
            seen = home.store().ledger().find(row.id()).orElse(seen);
        }
        return seen;
    }

    private static int told(Session session, Execution row, boolean here) {
        document(session, row, here);
        session.say("It ended " + session.style().word(row.status().word())
                + row.took().map(took -> " after " + TimeText.took(took)).orElse("")
                + row.error().map(error -> ": " + error).orElse(""));
        return row.status() == ExecutionStatus.OK ? ExitCode.DONE : ExitCode.FAILED;
    }

    private static void document(Session session, Execution row, boolean here) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("execution", ExecutionTree.of(row));
        tree.put("here", here);
        session.document(tree);
    }
}
