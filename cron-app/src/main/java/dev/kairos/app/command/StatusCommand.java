package dev.kairos.app.command;

import dev.kairos.api.delivery.EnvelopeState;
import dev.kairos.api.job.Job;
import dev.kairos.api.ledger.ExecutionStatus;
import dev.kairos.api.store.ExecutionQuery;
import dev.kairos.api.store.JobStore;
import dev.kairos.api.store.StoreException;
import dev.kairos.app.terminal.TextWidth;
import dev.kairos.app.terminal.TimeText;
import dev.kairos.orchestrator.health.NodeHealth;
import dev.kairos.orchestrator.health.NodePlace;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kairos status}. */
final class StatusCommand extends Command {
    private static final int MOST = 10_000;

    /** What has been due for longer is behind. */
    private static final Duration BEHIND = Duration.ofMinutes(1);

    @Override
    List<String> description() {
        return List.of(
                "Says whether something fires on this home and how it is. Exit code 0 healthy, 1 not: no daemon fires,",
                "one is stalled, stopped or failing, jobs are overdue that nobody can run or while nothing runs, or the",
                "store does not answer.");
    }

    @Override
    List<String> examples() {
        return List.of("kairos status", "kairos status --json");
    }

    @Override
    void define(CommandSpec spec) {
        // nothing beside the common options
    }

    /** What status counts. */
    private record Counts(JobCensus jobs, int running, int waiting, int failed, int unknown) {
        /** What nobody can run waits whether or not something else runs just now. */
        boolean isStuck() {
            return jobs.backlog().unable() > 0 || isIdleBehind();
        }

        /** Nothing runs, and something that could is behind. */
        boolean isIdleBehind() {
            return jobs.backlog().isAnyAble() && running == 0;
        }
    }

    @Override
    int run(Arguments arguments, Session session) {
        return tell(session);
    }

    /** Looks and says; the answer is the exit code. */
    static int tell(Session session) {
        String asked = ProvidersCommand.asked(session);
        Instant now = session.environment().now();
        Optional<OpenHome> home;
        session.leaveStoreAsItIs();
        try {
            home = session.opened();
        } catch (StoreException e) {
            if (!LostStore.isOne(e)) {
                throw e;
            }
            return new LostStore(session, asked).tell(e);
        }
        Optional<LiveNodes.Members> members = home.map(open -> LiveNodes.look(open, session.environment()));
        List<NodeHealth> nodes = members.map(LiveNodes.Members::daemons).orElse(List.of());
        List<String> commands = members.map(LiveNodes.Members::commands).orElse(List.of());
        Optional<ClockLine> clock = home.flatMap(ClockLine::of);
        Instant due = session.now();
        Optional<Counts> counts = home.map(open -> counts(open, nodes, due));
        boolean isStuck = counts.filter(Counts::isStuck).isPresent();
        boolean isDiskFull = DiskSpace.isFull(session.home());
        Optional<OutsideLine> outside =
                isServed(home, session) ? Optional.empty() : home.flatMap(open -> OutsideLine.of(session, open));
        boolean isHealthy = (nodes.stream().anyMatch(NodeHealth::mayFire)
                        || outside.filter(OutsideLine::isHealthy).isPresent())
                && nodes.stream().noneMatch(NodeHealth::isTroubled)
                && !isStuck
                && !isDiskFull;
        NodePlace here = LiveNodes.here(session);
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("healthy", isHealthy);
        tree.put("home", session.home().toString());
        tree.put("disk_full", isDiskFull);
        tree.put("provider_asked", asked);
        tree.put(
                "nodes",
                nodes.stream()
                        .map(node -> new NodeLine(node, here, asked, now).tree())
                        .toList());
        String word =
                isHealthy ? session.style().good("healthy") : session.style().bad("not healthy");
        session.say(word + "  home " + session.home() + ", cron.provider " + asked);
        if (isDiskFull) {
            session.say("  the disk is full: nothing can be recorded, so nothing fires; free some space");
        }
        home.flatMap(open -> open.runtime().storeClockAhead())
                .ifPresent(ahead -> tree.put("store_clock_ahead_ms", ahead.toMillis()));
        clock.ifPresent(line -> session.say(session.style().odd("  " + line.what() + "; " + ClockLine.ADVICE)));
        if (nodes.isEmpty() && outside.isEmpty()) {
            session.say("  no daemon lives here: start it with \"kairos serve\"");
            home.flatMap(open -> OutsideLine.unusable(session, open)).ifPresent(why -> {
                session.say("  " + TextWidth.plain(why));
                tree.put("fallback_reason", why);
            });
        }
        outside.ifPresent(line -> line.tell(tree, session.environment().now()));
        nodes.forEach(node -> new NodeLine(node, here, asked, now).lines().forEach(session::say));
        tree.put("commands", commands);
        commands.forEach(id -> session.say("  a command fires here just now: node " + id));
        counts.ifPresent(count -> tell(count, session, tree, due));
        home.ifPresent(open -> undeliverable(MissingPlatform.of(open, nodes), session, tree));
        counts.ifPresent(count -> next(count.jobs(), session, tree, due));
        session.document(tree);
        return isHealthy ? ExitCode.DONE : ExitCode.FAILED;
    }

    private static boolean isServed(Optional<OpenHome> home, Session session) {
        return home.filter(open ->
                        !LiveNodes.ofThisHome(open, session.environment()).isEmpty())
                .isPresent();
    }

    private static Counts counts(OpenHome home, List<NodeHealth> nodes, Instant now) {
        JobStore store = home.store();
        Backlog.Counting behind = new Backlog.Counting(
                now,
                BEHIND,
                job -> MissingAbility.of(job, home.runtime()::abilities, nodes).isPresent());
        return new Counts(
                new JobCensus(store, behind),
                running(store, now),
                deliveries(
                        store,
                        EnumSet.of(
                                EnvelopeState.PENDING,
                                EnvelopeState.CLAIMED,
                                EnvelopeState.SENDING,
                                EnvelopeState.RETRY)),
                deliveries(store, EnumSet.of(EnvelopeState.FAILED)),
                deliveries(store, EnumSet.of(EnvelopeState.UNKNOWN)));
    }

    /** What is only held for its instant does not run yet. */
    private static int running(JobStore store, Instant now) {
        ExecutionQuery owned = ExecutionQuery.newest(MOST).in(Set.of(ExecutionStatus.CLAIMED, ExecutionStatus.RUNNING));
        return (int) store.ledger().list(owned).stream()
                .filter(row -> !row.isAhead(now))
                .count();
    }

    private static int deliveries(JobStore store, Set<EnvelopeState> states) {
        return store.outbox().list(Optional.empty(), states, MOST).size();
    }

    private static void tell(Counts counts, Session session, Map<String, Object> tree, Instant now) {
        JobCensus jobs = counts.jobs();
        Backlog backlog = jobs.backlog();
        tree.put("jobs", jobs.jobs());
        tree.put("paused", jobs.paused());
        tree.put("failing", jobs.failing());
        tree.put("running", counts.running());
        tree.put("overdue_jobs", backlog.jobs());
        tree.put("overdue_jobs_nobody_can_run", backlog.unable());
        tree.put("overdue_occurrences", backlog.occurrences());
        backlog.oldest().ifPresent(since -> tree.put("overdue_since", TimeText.machine(since)));
        tree.put("deliveries_waiting", counts.waiting());
        tree.put("deliveries_failed", counts.failed());
        tree.put("deliveries_unknown", counts.unknown());
        session.say("  " + jobs.jobs() + " jobs (" + jobs.paused() + " paused, " + jobs.failing() + " failing), "
                + words(counts.running()) + " running");
        backlog.oldest()
                .ifPresent(since -> session.say(session.style()
                        .bad("  " + backlog.jobs() + " jobs overdue, " + backlog.occurrences()
                                + " occurrences, the oldest due " + TimeText.relative(since, now)
                                + (counts.isIdleBehind() ? ": nothing runs; kairos doctor says more" : ""))));
        if (backlog.unable() > 0) {
            session.say(session.style()
                    .bad("  " + backlog.unable() + " of them nobody can run; kairos doctor says what they need"));
        }
        session.say("  deliveries: " + words(counts.waiting()) + " waiting, " + words(counts.failed()) + " failed, "
                + words(counts.unknown()) + " of unknown fate");
    }

    private static void undeliverable(List<MissingPlatform> missing, Session session, Map<String, Object> tree) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        missing.forEach(one -> counts.put(one.platform(), one.messages()));
        tree.put("deliveries_undeliverable", counts);
        missing.forEach(
                one -> session.say(session.style().bad("  " + one.waiting() + ", to which no live node delivers")));
    }

    private static void next(JobCensus jobs, Session session, Map<String, Object> tree, Instant now) {
        Optional<Job> next = jobs.next();
        next.flatMap(job -> job.engine().dueAt()).ifPresent(due -> tree.put("next_due_at", TimeText.machine(due)));
        next.ifPresent(job -> session.say(
                "  next: " + Echo.title(job) + " " + ListCommand.next(job.engine(), ListCommand.zone(job), now)));
    }

    /** What is not counted to its end says so. */
    private static String words(int count) {
        return count >= MOST ? MOST + " or more" : Integer.toString(count);
    }
}
