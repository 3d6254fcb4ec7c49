package dev.kairos.orchestrator;

import dev.kairos.api.DurationText;
import dev.kairos.api.env.Environment;
import dev.kairos.api.env.Signal;
import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.Execution;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.run.FailureKind;
import dev.kairos.api.run.JobRunner;
import dev.kairos.api.run.RunResult;
import dev.kairos.api.store.Claim;
import dev.kairos.api.store.FencedDecision;
import dev.kairos.api.store.RowDecider;
import dev.kairos.orchestrator.ActiveRun.EndReason;
import dev.kairos.orchestrator.delivery.NamedFiles;
import dev.kairos.orchestrator.plan.CompletionPlanner;
import dev.kairos.orchestrator.plan.RecoveryPlanner;
import dev.kairos.orchestrator.plan.ReleasePlanner;
import dev.kairos.orchestrator.plan.StartPlanner;
import dev.kairos.orchestrator.plan.Timetable;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code runOneJob}: the one path of every run, whichever trigger claimed it. Start mark, run, save the output, record the
 * outcome with its envelopes in one write; the deliveries follow from those.
 */
final class RunPath {
    private static final Logger LOG = LoggerFactory.getLogger("cron.run");
    private static final String FAULT = "an internal fault, see the log";
    private static final Duration LEASE_WAIT = Duration.ofMillis(250);
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

    private final OrchestratorParts parts;
    private final Environment environment;
    private final GroupCommit commit;
    private final OutputKeeper keeper;
    private final Events events;
    private final RowEvents told;
    private final Timetable timetable;
    private final ConfiguredRules rules;
    private final Membership membership;
    private final FailureJudge judge;
    private final ModelSessions sessions;
    private final Host host;

    /** Who is told of a run's course; must be quick. */
    interface Host {
        /** It works no more; its end is still to be written. */
        void over(ActiveRun run);

        /**
         * It is over for this node.
         *
         * @param isRecorded whether its end is committed; otherwise it will never be by this run
         */
        void ended(ActiveRun run, boolean isRecorded);
    }

    /**
     * The path.
     *
     * @param membership whether this node may still start work
     * @param host told of the course of each run
     */
    RunPath(
            OrchestratorParts parts,
            GroupCommit commit,
            OutputKeeper keeper,
            Events events,
            Timetable timetable,
            Membership membership,
            Host host) {
        this.parts = parts;
        this.environment = parts.environment();
        this.commit = commit;
        this.keeper = keeper;
        this.events = events;
        this.told = new RowEvents(events);
        this.timetable = timetable;
        this.rules = new ConfiguredRules(parts);
        this.membership = membership;
        this.judge = new FailureJudge(parts::classifiers);
        this.sessions = new ModelSessions(parts, events);
        this.host = host;
    }

    /** Runs the attempt to its end, on the run's own thread. */
    void runOneJob(ActiveRun run) {
        try {
            if (run.execution().status() == ExecutionStatus.CLAIMED && !isMarkedNow(run)) {
                return;
            }
            if (!awaitLease(run)) {
                giveBackUnstarted(run);
                return;
            }
            run.began();
            told.started(run.execution());
            RunResult result = judge.judge(run, invoke(run));
            Thread.interrupted(); // an end that came while it returned must not disturb the writing of its outcome
            finish(run, result);
        } catch (RuntimeException | Error e) {
            LOG.error("cron.run-path execution={}", run.execution().id(), e);
            if (run.finish()) {
                giveBack(run, FAULT);
            }
        }
    }

    /**
     * Writes the start mark a little before the instant; what cannot be marked before is marked, or refused, by the run.
     *
     * @param answered told true once the attempt may go on, marked or not; false once it was concluded
     */
    void markAhead(ActiveRun run, Consumer<Boolean> answered) {
        Recorded mark = new Recorded(startOf(run, StartPlanner::ahead));
        commit.write(new FencedDecision(run.execution(), mark), held -> {
            mark.held(held);
            take(run, mark);
            if (!held) {
                conclude(run, false, mark);
            }
            answered.accept(held);
        });
    }

    /** The start mark of an attempt whose instant has come. Answers whether it may run. */
    private boolean isMarkedNow(ActiveRun run) {
        try {
            if (!run.isEnding()) {
                Recorded mark = new Recorded(startOf(run, start -> start));
                mark.held(await(run.execution(), mark));
                take(run, mark);
                if (run.execution().status() == ExecutionStatus.RUNNING) {
                    return true;
                }
                conclude(run, mark.isHeld(), mark);
                return false;
            }
        } catch (InterruptedException e) {
            Thread.interrupted();
        }
        giveBackUnstarted(run);
        return false;
    }

    /** Judged anew each time the store is offered it: it may have been silent for long. */
    private RowDecider startOf(ActiveRun run, Function<StartPlanner, RowDecider> how) {
        return (view, row) -> {
            StartPlanner now = new StartPlanner(
                    run.job().definition(),
                    environment.now(),
                    timetable,
                    parts.settings().misfire());
            return how.apply(now).decide(view, row);
        };
    }

    /** Only what this very write marked: an earlier one whose answer was lost may have left a mark that is none by now. */
    private static void take(ActiveRun run, Recorded mark) {
        mark.written()
                .filter(row -> mark.isHeld() && row.status() == ExecutionStatus.RUNNING)
                .ifPresent(row -> run.marked(new Claim(mark.job().orElse(run.job()), row)));
    }

    private boolean await(Execution row, RowDecider decider) throws InterruptedException {
        Signal done = environment.newSignal();
        boolean[] held = new boolean[1];
        commit.write(new FencedDecision(row, decider), fenceHeld -> {
            held[0] = fenceHeld;
            done.raise();
        });
        while (!done.await(LOOK_AGAIN)) {
            LOG.warn("cron.run-waits execution={} for the store to write its start mark", row.id());
        }
        return held[0];
    }

    /** A node starts nothing while its lease may have been taken away: it waits for the next renewal, or for the loss. */
    private boolean awaitLease(ActiveRun run) {
        String node = run.execution().node().orElseThrow();
        try {
            while (!run.isEnding() && membership.isMember(node)) {
                if (membership.mayStart()) {
                    return true;
                }
                environment.sleep(LEASE_WAIT);
            }
        } catch (InterruptedException e) {
            Thread.interrupted();
        }
        return false;
    }

    private RunResult invoke(ActiveRun run) {
        String kind = run.job().definition().workKind().word();
        Optional<JobRunner> runner = parts.runner(kind);
        if (runner.isEmpty()) {
            return RunResult.blocked("this node has no runner for " + kind
                    + " jobs; install the runner's plug-in or run the job on a node that has it");
        }
        try {
            Optional<RunResult> signedOut = sessions.admit(run, runner.get().backends(run.job()));
            return signedOut.isPresent() ? signedOut.get() : runner.get().run(run);
        } catch (InterruptedException e) {
            return RunResult.failed(FailureKind.TRANSIENT, "the run was interrupted", "");
        } catch (LinkageError e) {
            LOG.error("cron.runner-linkage job={} runner={}", run.job().id(), kind, e);
            return RunResult.failed(
                    FailureKind.TERMINAL,
                    "the " + kind + " runner does not fit this version (" + PlainWords.of(e)
                            + "); install one built for it",
                    "");
        } catch (Throwable e) {
            LOG.warn(
                    "cron.runner-threw job={} execution={}",
                    run.job().id(),
                    run.execution().id(),
                    e);
            return RunResult.failed(FailureKind.TRANSIENT, PlainWords.of(e), "");
        }
    }

    private void finish(ActiveRun run, RunResult result) {
        if (!run.finish()) {
            return;
        }
        host.over(run);
        EndReason reason = run.ending().orElse(null);
        if (reason == EndReason.STOPPED || reason == EndReason.NODE_LOST) {
            giveBack(run, reason == EndReason.STOPPED ? "stopped" : "its node lost its lease");
            return;
        }
        CompletionPlanner planner;
        try {
            planner = completion(run, reason, result);
        } catch (RuntimeException | Error e) {
            LOG.error(
                    "cron.run-path execution={} its outcome is lost",
                    run.execution().id(),
                    e);
            giveBack(run, FAULT);
            return;
        }
        write(run, planner);
    }

    private CompletionPlanner completion(ActiveRun run, @Nullable EndReason reason, RunResult result) {
        RunResult known = asItEnded(run, reason, result);
        Optional<String> note = sessions.settle(run, known);
        Execution ended =
                run.execution().toBuilder().finishedAt(environment.now()).build();
        NamedFiles.Settled settled = parts.files().settle(run.job(), ended.id(), known);
        RunResult told = parts.composer().prepare(run.job(), settled.result());
        OutputKeeper.Kept kept = keeper.keep(run.job(), ended, told);
        CompletionPlanner.Ending ending = new CompletionPlanner.Ending(
                kept.result().status(),
                kept.result(),
                note,
                kept.saved().map(saved -> saved.with(settled.kept())),
                environment.now());
        return new CompletionPlanner(ending, rules, environment.random());
    }

    /** Why the host ended it, where it did; what it had used by then it had used. */
    private static RunResult asItEnded(ActiveRun run, @Nullable EndReason reason, RunResult result) {
        RunResult ended = endedBy(run, reason, result.message()).orElse(result);
        return result.usage().map(ended::withUsage).orElse(ended);
    }

    private static Optional<RunResult> endedBy(ActiveRun run, @Nullable EndReason reason, String captured) {
        if (reason == EndReason.TIMED_OUT) {
            return Optional.of(RunResult.timedOut(
                    "it ran longer than its limit of " + DurationText.format(run.timeout())
                            + " and was ended; raise its timeout or make it quicker",
                    captured));
        }
        if (reason == EndReason.IDLE) {
            return Optional.of(RunResult.timedOut(
                    "nothing was heard of it for longer than its idle limit of "
                            + run.idleTimeout().map(DurationText::format).orElse("?")
                            + " and it was ended; raise its idle_timeout or see what it waits for",
                    captured));
        }
        return reason == EndReason.CANCELLED
                ? Optional.of(RunResult.cancelled("cancelled by request", captured))
                : Optional.empty();
    }

    private void write(ActiveRun run, RowDecider decider) {
        Recorded recorded = new Recorded(decider);
        commit.write(new FencedDecision(run.execution(), recorded), held -> {
            conclude(run, held, recorded);
            if (held) {
                tellIfExhausted(recorded);
                recorded.amendment().definition().ifPresent(sessions::redefined);
            }
        });
    }

    private void tellIfExhausted(Recorded recorded) {
        recorded.job()
                .map(Job::definition)
                .ifPresent(definition -> recorded.row()
                        .filter(row -> CompletionPlanner.isExhausted(definition, row, rules))
                        .ifPresent(row -> events.alarm(
                                "cron.retries-exhausted",
                                "job",
                                row.jobId(),
                                "runner",
                                definition.workKind().word(),
                                "attempts",
                                Integer.toString(row.attempt()),
                                "kind",
                                row.failureKind().orElse(""))));
    }

    private void conclude(ActiveRun run, boolean held, Recorded recorded) {
        Execution row = recorded.row().orElse(run.execution());
        host.ended(run, held);
        complete(run, row);
        if (!held) {
            events.publishWarning("cron.stale-completion", "job", row.jobId(), "execution", row.id());
        } else {
            told.written(recorded.amendment());
        }
    }

    /** Whoever waits for the completion may do so at length: not on the thread that writes for others. */
    private void complete(ActiveRun run, Execution row) {
        if (run.completion().getNumberOfDependents() == 0) {
            run.completion().complete(row);
        } else {
            run.completion().completeAsync(() -> row, body -> environment.start("cron-completion", body));
        }
    }

    /** Writes the end of an attempt whose thread ignored it: the thread's own end is then stale. */
    void giveUp(ActiveRun run) {
        if (run.hasNoThread()) {
            giveBackUnstarted(run);
            return;
        }
        LOG.error(
                "cron.run job={} execution={} its thread ignores interruption; restart the process to end it",
                run.job().id(),
                run.execution().id());
        events.publishWarning(
                "cron.run-given-up",
                "job",
                run.job().id(),
                "execution",
                run.execution().id());
        finish(run, RunResult.failed(FailureKind.TERMINAL, "its thread ignores interruption and was given up", ""));
    }

    private void giveBack(ActiveRun run, String why) {
        write(run, new RecoveryPlanner(why, recoveryPolicy(), environment.random()));
    }

    /** Puts back what was claimed and has not begun. */
    void giveBackUnstarted(ActiveRun run) {
        if (!run.finish()) {
            return;
        }
        if (run.ending().filter(EndReason.CANCELLED::equals).isPresent()) {
            RowDecider cancelled = completionOf(RunResult.cancelled("cancelled by request", ""));
            write(
                    run,
                    (view, row) ->
                            cancelled.decide(view, row.toBuilder().unstarted().build()));
            return;
        }
        RowDecider put = RecoveryPlanner.unstarted("stopped before its start", recoveryPolicy(), environment.random());
        write(
                run,
                run.before()
                        .<RowDecider>map(before -> new ReleasePlanner(
                                new ReleasePlanner.Claimed(run.job().definition(), before), environment.now(), put))
                        .orElse(put));
    }

    private CompletionPlanner completionOf(RunResult result) {
        CompletionPlanner.Ending ending = new CompletionPlanner.Ending(
                result.status(), result, Optional.empty(), Optional.empty(), environment.now());
        return new CompletionPlanner(ending, rules, environment.random());
    }

    private RecoveryPlanner.Policy recoveryPolicy() {
        return new RecoveryPlanner.Policy(environment.now(), parts.settings().misfire(), timetable, rules);
    }
}
